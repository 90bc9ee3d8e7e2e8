import { type Costs, type RewardsBps, roundTripBps, type Trade, TradeFeedback } from '../dto/index.js';

const BPS = 1e4;

/** What the fills themselves cost: half the spread and the slippage, as a fraction of the price, each side. */
function crossingCost(costs: Costs): number {
  return (costs.spreadBps / 2 + costs.slippageBps) / BPS;
}

/** Move of the market's mid over the trade, basis points of its start, with the cost of crossing taken out of the fills. */
function marketReturnBps(trade: Trade, costs: Costs): number {
  if (trade.side === 'none') return (trade.exitPrice / trade.entryPrice - 1) * BPS;
  const towards = trade.side === 'buy' ? 1 : -1;
  const crossing = crossingCost(costs);
  const entryMid = trade.entryPrice / (1 + towards * crossing);
  const exitMid = trade.exitPrice / (1 - towards * crossing);
  return (exitMid / entryMid - 1) * BPS;
}

/** Net of the trade itself: from its fills, which hold spread and slippage, less its fees. Basis points of the entry notional. */
function realisedBps(trade: Trade): number {
  if (trade.side === 'none') return 0;
  const direction = trade.side === 'buy' ? 1 : -1;
  const grossBps = direction * (trade.exitPrice / trade.entryPrice - 1) * BPS;
  return grossBps - feesBps(trade);
}

function feesBps(trade: Trade): number {
  return (trade.feesPaid / (trade.quantity * trade.entryPrice)) * BPS;
}

/**
 * What each action would have earned. The action taken earned what it earned; the other direction is the same
 * move of the mid seen from the other side, paying the same fees and the cost of crossing; holding earns nothing.
 * Right for small orders that take liquidity, which do not move the price.
 */
function rewardsBps(trade: Trade, costs: Costs): RewardsBps {
  const moveBps = marketReturnBps(trade, costs);
  if (trade.side === 'none') {
    const costBps = roundTripBps(costs);
    return { buy: moveBps - costBps, hold: 0, sell: -moveBps - costBps };
  }
  const earned = realisedBps(trade);
  const otherCostBps = feesBps(trade) + costs.spreadBps + 2 * costs.slippageBps;
  return trade.side === 'buy'
    ? { buy: earned, hold: 0, sell: -moveBps - otherCostBps }
    : { buy: moveBps - otherCostBps, hold: 0, sell: earned };
}

/**
 * The reward of an outcome. A maker's fill says only what the taken action earned: whether the other order would
 * have been filled cannot be known.
 * @param costs what the question said trading costs
 */
export function feedbackOf(trade: Trade, costs: Costs): TradeFeedback {
  const full = trade.liquidity !== 'maker' || trade.side === 'none';
  return Object.assign(new TradeFeedback(), {
    decisionId: trade.decisionId,
    feedbackKind: full ? ('full' as const) : ('bandit' as const),
    realisedBps: realisedBps(trade),
    ...(full ? { rewardsBps: rewardsBps(trade, costs) } : {}),
    takenAction: trade.side === 'none' ? ('hold' as const) : trade.side,
    ...(trade.corrects === undefined ? {} : { corrects: trade.corrects }),
    trade,
  });
}
