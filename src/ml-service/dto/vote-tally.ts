import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsOptional, ValidateNested } from 'class-validator';
import { IsFiniteNumber, IsUnixMs } from '../../service-framework/index.js';
import { ACTIONS, type Action } from './action.js';
import { AnomalyAlert } from './anomaly-alert.js';
import { IsCount, IsExpertId, IsHorizonBars, IsSymbol, IsText } from './fields.js';
import { Costs } from './market-question.js';
import { Vote } from './vote.js';

/** More experts than any committee will have, and few enough that one request cannot fill the memory. */
export const MAX_VOTES = 1_000;

export class VoteCounts {
  @IsCount()
  buy!: number;

  @IsCount()
  hold!: number;

  @IsCount()
  sell!: number;
}

/** An expert without a say in this tally, and why. */
export class Abstention {
  @IsExpertId()
  expert!: string;

  @IsText(500)
  reason!: string;
}

/** The votes on one question. */
export class VoteTally {
  @IsSymbol()
  symbol!: string;

  @IsText(16)
  timeframe!: string;

  @IsText(64)
  session!: string;

  @IsUnixMs()
  asOfMs!: number;

  @ValidateNested()
  @Type(() => VoteCounts)
  counts!: VoteCounts;

  /** The action with most votes; a tie for first place is a hold. */
  @IsIn(ACTIONS)
  plurality!: Action;

  /** Share of the votes that went to the plurality; 0 without votes. */
  @IsFiniteNumber({ min: 0, max: 1 })
  agreement!: number;

  @IsArray()
  @ArrayMaxSize(MAX_VOTES)
  @ValidateNested({ each: true })
  @Type(() => Vote)
  votes!: Vote[];

  @IsArray()
  @ArrayMaxSize(MAX_VOTES)
  @ValidateNested({ each: true })
  @Type(() => Abstention)
  abstentions!: Abstention[];

  @IsArray()
  @ArrayMaxSize(MAX_VOTES)
  @ValidateNested({ each: true })
  @Type(() => AnomalyAlert)
  alerts!: AnomalyAlert[];

  @IsOptional()
  @IsText(64)
  strategy?: string;

  @IsOptional()
  @IsHorizonBars()
  horizonBars?: number;

  @IsOptional()
  @ValidateNested()
  @Type(() => Costs)
  costs?: Costs;
}
