import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsIn, IsOptional, IsString, ValidateNested } from 'class-validator';
import { IsFiniteNumber } from '../../service-framework/index.js';
import { ACTIONS, type Action } from './action.js';
import { Decision, PolicyComponent, ShadowDecision } from './decision.js';
import { IsCount, IsRecordSeq, IsStateHash, IsSymbol, IsText } from './fields.js';
import { ModelAgreement } from './mark.js';
import { Costs } from './market-question.js';
import { ChallengerStatus } from './policy.js';
import { TradeFeedback } from './trade-feedback.js';

/** Asks about one symbol. */
export class SymbolQuery {
  @IsSymbol()
  symbol!: string;
}

/** Asks about one decision. */
export class DecisionQuery {
  @IsText(64)
  decisionId!: string;
}

export class VoteAccepted {
  @IsIn([true])
  accepted!: true;
}

/** What `rl.learn` did with a feedback. */
export class Learned {
  /** False when the feedback held nothing to learn from; it is recorded all the same. */
  @IsBoolean()
  learned!: boolean;

  /** Place of the feedback in the journal. */
  @IsCount()
  seq!: number;

  /** The record whose outcome this one took the place of. */
  @IsOptional()
  @IsRecordSeq()
  corrects?: number;

  /** Hash of the decider's state after it. */
  @IsStateHash()
  stateHash!: string;
}

/** An expert as the decider knows it. */
export class SlotStatus {
  @IsString()
  expert!: string;

  /** `expertId@major`, the key of its memory. */
  @IsString()
  slot!: string;

  /** Whether it had voted on the latest outcome; while asleep its memory is untouched. */
  @IsBoolean()
  awake!: boolean;

  /** Outcomes it had voted on. */
  @IsCount()
  outcomes!: number;

  /** Its share of the say among all known experts; they sum to 1. */
  @IsFiniteNumber({ min: 0, max: 1 })
  weight!: number;

  /** Share of its votes that named the right action, 0..1. */
  @IsFiniteNumber({ min: 0, max: 1 })
  hitRate!: number;
}

/** The decider's state in short. */
export class RlStatus {
  @IsStateHash()
  stateHash!: string;

  /** Last record of the journal. */
  @IsCount()
  seq!: number;

  @IsString()
  policyVersion!: string;

  /** Outcomes learned from. */
  @IsCount()
  outcomes!: number;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => SlotStatus)
  experts!: SlotStatus[];

  /** The version of the policy in force, as in `rl.versions`. */
  @IsCount()
  version!: number;

  /** Outcomes are recorded without being learned. */
  @IsBoolean()
  frozen!: boolean;

  /** What a person should look at: `model_disagreement`, `drift`, `promotion_due`. */
  @IsArray()
  @IsString({ each: true })
  alarms!: string[];

  /** Fall of the lead over plurality from its peak since the policy was last changed, basis points. */
  @IsFiniteNumber({ min: 0 })
  drawdownBps!: number;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ChallengerStatus)
  challengers!: ChallengerStatus[];

  /** The counterfactual model against what trades really earned. */
  @ValidateNested()
  @Type(() => ModelAgreement)
  agreement!: ModelAgreement;
}

/** A decision with what happened to it and the reasons in words. */
export class Explanation extends Decision {
  @IsOptional()
  @ValidateNested()
  @Type(() => TradeFeedback)
  outcome?: TradeFeedback;

  /** Earlier outcomes that were corrected, oldest first. */
  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => TradeFeedback)
  corrected?: TradeFeedback[];

  /** What the policy alone would have done, before exploration and hard rules. */
  @IsIn(ACTIONS)
  greedy!: Action;

  /** What trading was taken to cost. */
  @ValidateNested()
  @Type(() => Costs)
  costs!: Costs;

  /** Weights of the mixture's components at the decision; absent in journals of before they were recorded. */
  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => PolicyComponent)
  mixture?: PolicyComponent[];

  /** Share of the learned mixture against plurality in the guardrail. */
  @IsOptional()
  @IsFiniteNumber({ min: 0, max: 1 })
  guardrail?: number;

  /** What the challengers would have done. */
  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ShadowDecision)
  shadows?: ShadowDecision[];

  @IsArray()
  @IsString({ each: true })
  reasons!: string[];
}
