import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsIn, IsOptional, IsString, ValidateNested } from 'class-validator';
import { IsFiniteNumber } from '../../service-framework/index.js';
import { Decision } from './decision.js';
import { IsCount, IsStateHash, IsSymbol, IsText } from './fields.js';
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
}

/** A decision with what happened to it and the reasons in words. */
export class Explanation extends Decision {
  @IsOptional()
  @ValidateNested()
  @Type(() => TradeFeedback)
  outcome?: TradeFeedback;

  @IsArray()
  @IsString({ each: true })
  reasons!: string[];
}
