import { Type } from 'class-transformer';
import { IsOptional, ValidateNested } from 'class-validator';
import { IsFiniteNumber } from '../../service-framework/index.js';
import { IsHorizonBars, IsSymbol, IsText } from './fields.js';
import { Book, Candles, Trades } from './market.js';

/** A fee of half the notional is a typing error, not a market. */
const MAX_COST_BPS = 5_000;

/** What trading costs, in basis points: `feeBps` and `slippageBps` a side, `spreadBps` the whole quoted spread. */
export class Costs {
  @IsFiniteNumber({ min: 0, max: MAX_COST_BPS })
  feeBps!: number;

  @IsFiniteNumber({ min: 0, max: MAX_COST_BPS })
  spreadBps!: number;

  @IsFiniteNumber({ min: 0, max: MAX_COST_BPS })
  slippageBps!: number;
}

/** Entry and exit as a taker: two fees, two slippages, half the spread each time. Basis points. */
export function roundTripBps(costs: Readonly<Costs>): number {
  return 2 * costs.feeBps + costs.spreadBps + 2 * costs.slippageBps;
}

/** "What now, for ETH/USD?": the market as the strategy sees it, and how it would trade. */
export class MarketQuestion {
  @IsSymbol()
  symbol!: string;

  /** Bar length: `5m`, `1h`, `1d`. */
  @IsText(16)
  timeframe!: string;

  @ValidateNested()
  @Type(() => Candles)
  candles!: Candles;

  @IsOptional()
  @ValidateNested()
  @Type(() => Book)
  book?: Book;

  @IsOptional()
  @ValidateNested()
  @Type(() => Trades)
  trades?: Trades;

  @IsOptional()
  @IsText(64)
  session?: string;

  @IsOptional()
  @IsText(64)
  strategy?: string;

  /** Bars until the position would be closed again. */
  @IsOptional()
  @IsHorizonBars()
  horizonBars?: number;

  @IsOptional()
  @ValidateNested()
  @Type(() => Costs)
  costs?: Costs;
}
