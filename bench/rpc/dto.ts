import { Type } from 'class-transformer';
import { IsInt, IsString, Length, Matches, Max, Min, ValidateNested } from 'class-validator';
import { IsColumn, IsFiniteNumber, IsUnixMs, SameLengthAs } from '#conclave/service-framework/index.js';

export class Probabilities {
  @IsFiniteNumber({ min: 0, max: 1 }) buy!: number;
  @IsFiniteNumber({ min: 0, max: 1 }) hold!: number;
  @IsFiniteNumber({ min: 0, max: 1 }) sell!: number;
}

/** The 200-byte command: an expert's vote. */
export class VoteCommand {
  @IsString() @Length(1, 64) expert!: string;
  @IsString() @Length(1, 32) version!: string;
  @IsString() @Length(1, 64) @Matches(/^[A-Z0-9/]+$/) symbol!: string;
  @IsUnixMs() asOfMs!: number;
  @ValidateNested() @Type(() => Probabilities) probabilities!: Probabilities;
  @IsFiniteNumber({ min: 0, max: 1 }) confidence!: number;
  @IsString() @Length(1, 64) label!: string;
  @IsInt() @Min(1) @Max(86_400_000) validForMs!: number;
}

const PRICE = { maxLength: 100_000, positive: true } as const;
const LEVELS = { minLength: 1, maxLength: 50 } as const;

export class Candles {
  @IsColumn({ minLength: 1, maxLength: 100_000, strictlyIncreasing: true, nonNegative: true })
  timeMs!: Float64Array;
  @IsColumn(PRICE) @SameLengthAs('timeMs') open!: Float64Array;
  @IsColumn(PRICE) @SameLengthAs('timeMs') high!: Float64Array;
  @IsColumn(PRICE) @SameLengthAs('timeMs') low!: Float64Array;
  @IsColumn(PRICE) @SameLengthAs('timeMs') close!: Float64Array;
  @IsColumn({ maxLength: 100_000, nonNegative: true }) @SameLengthAs('timeMs') volume!: Float64Array;
}

export class Book {
  @IsUnixMs() timeMs!: number;
  @IsColumn({ ...LEVELS, positive: true, strictlyDecreasing: true }) bidPrice!: Float64Array;
  @IsColumn({ ...LEVELS, nonNegative: true }) @SameLengthAs('bidPrice') bidSize!: Float64Array;
  @IsColumn({ ...LEVELS, positive: true, strictlyIncreasing: true }) askPrice!: Float64Array;
  @IsColumn({ ...LEVELS, nonNegative: true }) @SameLengthAs('askPrice') askSize!: Float64Array;
}

export class Trades {
  @IsColumn({ nonDecreasing: true, nonNegative: true }) timeMs!: Float64Array;
  @IsColumn({ positive: true }) @SameLengthAs('timeMs') price!: Float64Array;
  @IsColumn({ positive: true }) @SameLengthAs('timeMs') size!: Float64Array;
  @IsColumn({ oneOf: [1, -1] }) @SameLengthAs('timeMs') side!: Float64Array;
}

/** The decide request: what a decision is made from. */
export class DecideRequest {
  @IsString() @Length(1, 64) @Matches(/^[A-Z0-9/]+$/) symbol!: string;
  @IsString() @Length(1, 16) timeframe!: string;
  @ValidateNested() @Type(() => Candles) candles!: Candles;
  @ValidateNested() @Type(() => Book) book!: Book;
  @ValidateNested() @Type(() => Trades) trades!: Trades;
  @IsInt() @Min(1) @Max(1_000_000) horizonBars!: number;
}
