import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
} from 'class-validator';
import { IsFiniteNumber } from '../../service-framework/index.js';
import { COMMAND_PATTERN } from './action.js';
import { IsCount, IsExpertId, IsSymbol, IsVersion } from './fields.js';

/** An expert in another process: where it listens and what to call there. */
export class ExpertRegistration {
  @IsExpertId()
  expert!: string;

  @IsVersion()
  version!: string;

  /** ZeroMQ address of the expert's own host. */
  @IsString()
  @Length(1, 256)
  @Matches(/^(?:tcp|ipc):\/\/.+$/)
  endpoint!: string;

  /** CURVE: the public key of the expert's host, Z85; without it the address must be on this machine. */
  @IsOptional()
  @IsString()
  @Length(40, 40)
  serverKey?: string;

  @IsString()
  @Length(1, 128)
  @Matches(COMMAND_PATTERN)
  command!: string;

  /** Asked about these symbols only; about all when not said. */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(10_000)
  @IsSymbol({ each: true })
  symbols?: string[];

  /** Longest wait for one answer; never longer than the committee's own budget. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(60_000)
  timeoutMs?: number;
}

export class ExpertRegistered {
  @IsString()
  expert!: string;

  @IsIn([true])
  registered!: true;
}

/** `builtin` runs in the service, `remote` is asked over the wire, `cast` sends votes on its own. */
export const EXPERT_KINDS = ['builtin', 'remote', 'cast'] as const;
export type ExpertKind = (typeof EXPERT_KINDS)[number];
/** `ready`: answered last time; `failing`: did not; `idle`: not asked yet. */
export const EXPERT_STATES = ['idle', 'ready', 'failing'] as const;
export type ExpertState = (typeof EXPERT_STATES)[number];

/** A member of the committee as `voting.experts` lists it. */
export class ExpertStatus {
  @IsString()
  expert!: string;

  @IsString()
  version!: string;

  @IsIn(EXPERT_KINDS)
  kind!: ExpertKind;

  @IsIn(EXPERT_STATES)
  state!: ExpertState;

  @IsCount()
  votes!: number;

  @IsCount()
  abstentions!: number;

  /** Median time to an answer over the last ones, milliseconds; 0 before the first. */
  @IsFiniteNumber({ min: 0 })
  p50Ms!: number;
}
