import { Type } from 'class-transformer';
import { IsArray, IsIn, IsOptional, IsString, ValidateNested } from 'class-validator';
import { IsFiniteNumber, IsUnixMs } from '../../service-framework/index.js';
import { ACTIONS, type Action } from './action.js';
import { IsCount, IsText } from './fields.js';
import { Probabilities } from './probabilities.js';
import { VoteTally } from './vote-tally.js';

/** Expected net return of each action, basis points. */
export class Scores {
  @IsFiniteNumber()
  buy!: number;

  @IsFiniteNumber()
  hold!: number;

  @IsFiniteNumber()
  sell!: number;
}

/** One expert's part in the scores, basis points; over all experts they add up to the scores. */
export class Contribution extends Scores {
  @IsText(128)
  expert!: string;
}

/** Weight of one component of the mixture. */
export class PolicyComponent {
  /** `plurality`, `naive-bayes-<discount>`, `realised-best`, `ridge-<discount>` or `edge-weighted`. */
  @IsText(64)
  component!: string;

  @IsFiniteNumber({ min: 0, max: 1 })
  weight!: number;
}

/** What a challenger would have done, under the same hard rules. */
export class ShadowDecision {
  @IsText(64)
  name!: string;

  @IsIn(ACTIONS)
  action!: Action;

  @IsFiniteNumber({ min: 0, max: 1 })
  size!: number;
}

/** A hard rule took the decision out of the decider's hands. `action` is what it would have done. */
export class Override {
  @IsText(64)
  rule!: string;

  @IsText(500)
  reason!: string;

  @IsIn(ACTIONS)
  action!: Action;
}

/** The decider's answer to one question. */
export class Decision {
  @IsText(64)
  decisionId!: string;

  @IsString()
  symbol!: string;

  @IsString()
  timeframe!: string;

  @IsString()
  session!: string;

  @IsString()
  strategy!: string;

  @IsUnixMs()
  asOfMs!: number;

  @IsIn(ACTIONS)
  action!: Action;

  /** Fraction of the strategy's usual position, 0..1; 0 for a hold. */
  @IsFiniteNumber({ min: 0, max: 1 })
  size!: number;

  @ValidateNested()
  @Type(() => Scores)
  scores!: Scores;

  /** Probability with which the policy took each action here; for off-policy evaluation. */
  @ValidateNested()
  @Type(() => Probabilities)
  propensities!: Probabilities;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => Contribution)
  contributions!: Contribution[];

  @IsOptional()
  @ValidateNested()
  @Type(() => Override)
  override?: Override;

  @ValidateNested()
  @Type(() => VoteTally)
  tally!: VoteTally;

  @IsString()
  policyVersion!: string;

  /** Hash of the decider's state that gave this answer. */
  @IsString()
  stateHash!: string;

  /** Place of the decision in the journal. */
  @IsCount()
  seq!: number;
}
