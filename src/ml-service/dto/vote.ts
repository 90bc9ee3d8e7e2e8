import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsOptional, ValidateNested } from 'class-validator';
import { IsFiniteNumber, IsNumberMap, IsUnixMs } from '../../service-framework/index.js';
import { AnomalyAlert } from './anomaly-alert.js';
import { IsExpertId, IsSymbol, IsText, IsVersion } from './fields.js';
import { Probabilities } from './probabilities.js';

const WEEK_MS = 7 * 86_400_000;

/** An expert's answer to one question. With `abstain` it has no say, and the reason is recorded. */
export class Vote {
  @IsExpertId()
  expert!: string;

  @IsVersion()
  version!: string;

  @IsSymbol()
  symbol!: string;

  @IsUnixMs()
  asOfMs!: number;

  @ValidateNested()
  @Type(() => Probabilities)
  probabilities!: Probabilities;

  @IsFiniteNumber({ min: 0, max: 1 })
  confidence!: number;

  /** What the expert calls the situation: `bull_trend`, `sell_pressure` … */
  @IsText(64)
  label!: string;

  /** The named numbers behind the vote. */
  @IsNumberMap({ maxKeys: 64 })
  evidence!: Record<string, number>;

  /** How long the vote may be used after `asOfMs`. */
  @IsFiniteNumber({ min: 0, max: 52 * WEEK_MS })
  validForMs!: number;

  @IsOptional()
  @IsText(200)
  abstain?: string;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(64)
  @ValidateNested({ each: true })
  @Type(() => AnomalyAlert)
  alerts?: AnomalyAlert[];
}

/** The key under which the decider remembers an expert: a new major version is a new expert. */
export function slotOf(vote: { readonly expert: string; readonly version: string }): string {
  const dot = vote.version.indexOf('.');
  return `${vote.expert}@${dot < 0 ? vote.version : vote.version.slice(0, dot)}`;
}
