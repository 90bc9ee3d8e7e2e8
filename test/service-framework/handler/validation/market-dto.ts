import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Length, Max, Min, ValidateNested } from 'class-validator';
import {
  Check,
  IsColumn,
  IsFiniteNumber,
  IsNumberMap,
  IsUnixMs,
  Nested,
  SameLengthAs,
} from '#conclave/service-framework/index.js';

export const MAX_ROWS = 1000;
const PRICE = { maxLength: MAX_ROWS, positive: true, max: 1e15 } as const;

@Check((candles: Candles) => {
  const row = candles.high.findIndex((high, index) => high < (candles.low[index] as number));
  return row < 0
    ? undefined
    : { field: `high[${row}]`, problem: `${candles.high[row]}; must not be below low` };
})
export class Candles {
  @IsColumn({ minLength: 1, maxLength: MAX_ROWS, strictlyIncreasing: true, nonNegative: true })
  timeMs!: Float64Array;

  @IsColumn(PRICE)
  @SameLengthAs('timeMs')
  high!: Float64Array;

  @IsColumn(PRICE)
  @SameLengthAs('timeMs')
  low!: Float64Array;

  @IsColumn(PRICE)
  @SameLengthAs('timeMs')
  close!: Float64Array;
}

export class Trades {
  @IsColumn({ nonDecreasing: true })
  timeMs!: Float64Array;

  @IsColumn({ oneOf: [1, -1] })
  @SameLengthAs('timeMs')
  side!: Float64Array;
}

export class Costs {
  @IsFiniteNumber({ min: 0, max: 5000 })
  feeBps!: number;
}

@Check((question: Question) =>
  question.timeframe === question.symbol ? 'timeframe repeats symbol' : undefined,
)
export class Question {
  @IsString()
  @Length(1, 64)
  symbol!: string;

  @IsString()
  @Length(1, 16)
  timeframe!: string;

  @ValidateNested()
  @Type(() => Candles)
  candles!: Candles;

  @IsOptional()
  @ValidateNested()
  @Type(() => Trades)
  trades?: Trades;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1000)
  horizonBars?: number;

  @IsOptional()
  @IsUnixMs()
  asOfMs?: number;

  @IsOptional()
  @IsNumberMap({ maxKeys: 3 })
  evidence?: Record<string, number>;

  @IsOptional()
  @IsIn(['full', 'bandit'])
  feedback?: string;

  @Nested(() => Costs, { optional: true, maxItems: 2 })
  costs?: Costs[];

  session = 'default';
}

/** A payload that a `Question` accepts; `changes` replace fields. */
export function question(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { symbol: 'BTC/USDT', timeframe: '5m', candles: candles(), ...changes };
}

/** Three good candles; `changes` replace columns. */
export function candles(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    timeMs: Float64Array.of(1, 2, 3),
    high: Float64Array.of(11, 12, 13),
    low: Float64Array.of(9, 10, 11),
    close: Float64Array.of(10, 11, 12),
    ...changes,
  };
}
