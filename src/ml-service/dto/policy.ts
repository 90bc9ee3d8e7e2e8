import { IsBoolean, IsIn, IsInt, IsOptional, IsString, Min } from 'class-validator';
import { Check, type CheckProblem, IsFiniteNumber, IsUnixMs } from '../../service-framework/index.js';
import { IsCount, IsStateHash, IsText } from './fields.js';

function rollbackProblem({ toSeq, version }: RollbackRequest): CheckProblem | undefined {
  if ((toSeq === undefined) !== (version === undefined)) return undefined;
  return { field: 'toSeq', problem: 'must be given, or version instead of it' };
}

/** Goes back to the policy as it was after a record, or when a version began. */
@Check(rollbackProblem)
export class RollbackRequest {
  /** 0 = before the first record. */
  @IsOptional()
  @IsInt()
  @Min(0)
  toSeq?: number;

  /** As `rl.versions` lists it. */
  @IsOptional()
  @IsInt()
  @Min(1)
  version?: number;

  @IsOptional()
  @IsText(500)
  reason?: string;
}

/** Whether outcomes are recorded without being learned. */
export class FreezeRequest {
  @IsBoolean()
  frozen!: boolean;

  @IsOptional()
  @IsText(500)
  reason?: string;
}

/** Puts a challenger in the champion's place. */
export class PromoteRequest {
  @IsText(64)
  challenger!: string;

  @IsOptional()
  @IsText(500)
  reason?: string;
}

/** The policy in force after a change. */
export class PolicyChanged {
  /** Place of the change in the journal. */
  @IsCount()
  seq!: number;

  @IsStateHash()
  stateHash!: string;

  @IsString()
  policyVersion!: string;
}

export const VERSION_CAUSES = ['configuration', 'rollback', 'promotion'] as const;
export type VersionCause = (typeof VERSION_CAUSES)[number];

/** A version of the policy: what decides from record `seq` until the next version's. */
export class PolicyVersion {
  @IsCount()
  version!: number;

  /** The version it was made from; 0 for the first. */
  @IsCount()
  parent!: number;

  @IsCount()
  seq!: number;

  @IsUnixMs()
  timeMs!: number;

  @IsIn(VERSION_CAUSES)
  cause!: VersionCause;

  @IsString()
  reason!: string;

  /** Name of the arithmetic and its settings. */
  @IsString()
  policyVersion!: string;
}

/** A policy that learns in the shadow, and how it does against the champion. */
export class ChallengerStatus {
  @IsText(64)
  name!: string;

  @IsString()
  policyVersion!: string;

  /** Decisions on which both are known. */
  @IsCount()
  compared!: number;

  /** What it earned more than the champion, on the mean of a decision, basis points. */
  @IsFiniteNumber()
  meanBps!: number;

  /** Bounds of that mean that hold at all times; above 0 it is promoted. */
  @IsFiniteNumber()
  lowBps!: number;

  @IsFiniteNumber()
  highBps!: number;
}
