/** What a strategy can be told to do. */
export const ACTIONS = ['buy', 'hold', 'sell'] as const;
export type Action = (typeof ACTIONS)[number];

/** One number per action: probabilities, scores in basis points, counts. */
export type ByAction = Record<Action, number>;

/** `service.verb` of the wire protocol. */
export const COMMAND_PATTERN = /^[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+$/;

/**
 * The action with the largest number. A tie for first place is a hold: without a winner there is no
 * reason to trade.
 */
export function topAction(by: Readonly<ByAction>): Action {
  if (by.buy > by.hold && by.buy > by.sell) return 'buy';
  if (by.sell > by.hold && by.sell > by.buy) return 'sell';
  return 'hold';
}
