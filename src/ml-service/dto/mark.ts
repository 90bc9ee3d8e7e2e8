import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsOptional, ValidateNested } from 'class-validator';
import { IsColumn, IsFiniteNumber, SameLengthAs } from '../../service-framework/index.js';
import { IsCount, IsSymbol, IsText } from './fields.js';
import { Candles, MAX_CANDLES } from './market.js';

/** A row for each moment at which a price was known, oldest first; quote currency. */
export class Prices {
  @IsColumn({ minLength: 1, maxLength: MAX_CANDLES, strictlyIncreasing: true, nonNegative: true })
  timeMs!: Float64Array;

  @IsColumn({ maxLength: MAX_CANDLES, positive: true, max: 1e15 })
  @SameLengthAs('timeMs')
  price!: Float64Array;
}

/** Market data from which the host tells what became of the open decisions on a symbol. Closed candles, or prices. */
export class MarkRequest {
  @IsSymbol()
  symbol!: string;

  /** Length of the candles, and of the decisions meant; all decisions on the symbol when not said. */
  @IsOptional()
  @IsText(16)
  timeframe?: string;

  /** Decisions of this session only. */
  @IsOptional()
  @IsText(64)
  session?: string;

  @IsOptional()
  @ValidateNested()
  @Type(() => Candles)
  candles?: Candles;

  @IsOptional()
  @ValidateNested()
  @Type(() => Prices)
  prices?: Prices;
}

/** What a `post_trade.mark` did. */
export class Marked {
  /** Decisions that got their outcome, in the order they were made. */
  @IsArray()
  @ArrayMaxSize(100_000)
  @IsText(64, { each: true })
  marked!: string[];

  /** Decisions of the stream that are still open: their horizon or their beginning lies outside the data. */
  @IsCount()
  open!: number;

  /** Trades already reported that were compared with what the market says. */
  @IsCount()
  compared!: number;

  /** Place in the journal of the record of this run. */
  @IsCount()
  seq!: number;
}

/** How far the counterfactual model is from what trades really earned. */
export class ModelAgreement {
  /** Trades known from the market and from their fills. */
  @IsCount()
  compared!: number;

  /** Realised less modelled, on the mean, basis points. */
  @IsFiniteNumber()
  meanBps!: number;

  /** Bounds of the mean that hold at all times with probability .99. */
  @IsFiniteNumber()
  lowBps!: number;

  @IsFiniteNumber()
  highBps!: number;
}
