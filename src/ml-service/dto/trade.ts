import { IsIn, IsOptional } from 'class-validator';
import { Check, type CheckProblem, IsFiniteNumber, IsUnixMs } from '../../service-framework/index.js';
import { IsRecordSeq, IsText } from './fields.js';

export const TRADE_SIDES = ['buy', 'sell', 'none'] as const;
export type TradeSide = (typeof TRADE_SIDES)[number];
export const LIQUIDITIES = ['taker', 'maker'] as const;
export type Liquidity = (typeof LIQUIDITIES)[number];

/** Beyond it a price or size is a fault of the sender, and squares of it would overflow. */
const MAX_AMOUNT = 1e15;

function tradeProblem(trade: Trade): CheckProblem | undefined {
  const { side, quantity, feesPaid, entryTimeMs, exitTimeMs } = trade;
  if (exitTimeMs < entryTimeMs) {
    return { field: 'exitTimeMs', problem: `${exitTimeMs}; must not be before entryTimeMs, ${entryTimeMs}` };
  }
  if (side === 'none') {
    if (quantity !== 0) return { field: 'quantity', problem: `${quantity}; must be 0 with side "none"` };
    if (feesPaid !== 0) return { field: 'feesPaid', problem: `${feesPaid}; must be 0 with side "none"` };
    return undefined;
  }
  return quantity > 0
    ? undefined
    : { field: 'quantity', problem: `${quantity}; must be above 0 with side "${side}"` };
}

/**
 * What became of a decision. For buy and sell the prices are those of the fills, so they hold spread and
 * slippage already; with side "none" (a hold) they are the market's at the decision and at its horizon.
 */
@Check(tradeProblem)
export class Trade {
  @IsText(64)
  decisionId!: string;

  @IsIn(TRADE_SIDES)
  side!: TradeSide;

  /** Base units. */
  @IsFiniteNumber({ min: 0, max: MAX_AMOUNT })
  quantity!: number;

  @IsFiniteNumber({ min: Number.MIN_VALUE, max: MAX_AMOUNT })
  entryPrice!: number;

  @IsFiniteNumber({ min: Number.MIN_VALUE, max: MAX_AMOUNT })
  exitPrice!: number;

  @IsUnixMs()
  entryTimeMs!: number;

  @IsUnixMs()
  exitTimeMs!: number;

  /** Quote currency, both sides together; negative for a rebate. */
  @IsFiniteNumber({ min: -MAX_AMOUNT, max: MAX_AMOUNT })
  feesPaid!: number;

  /** How it was filled; "taker" when not said. */
  @IsOptional()
  @IsIn(LIQUIDITIES)
  liquidity?: Liquidity;

  /** The record (`seq`) of the outcome that this one takes the place of; must be the one in force. */
  @IsOptional()
  @IsRecordSeq()
  corrects?: number;
}
