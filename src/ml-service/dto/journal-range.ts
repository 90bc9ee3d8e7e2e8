import { Allow, IsInt, IsOptional, IsString, Length, Min } from 'class-validator';
import { IsCount, IsStateHash, IsText } from './fields.js';

/** Which records of the journal are wanted; all of them by default. */
export class JournalRange {
  /** First record. */
  @IsOptional()
  @IsInt()
  @Min(1)
  fromSeq?: number;

  /** Last record; by default the newest one when reading gets there. */
  @IsOptional()
  @IsCount()
  toSeq?: number;

  /** Only records of these kinds. */
  @IsOptional()
  @IsString({ each: true })
  @Length(1, 64, { each: true })
  kinds?: string[];
}

/** A record as `conclave journal export` writes it: columns as arrays, bytes as Base64. */
export class JournalLine {
  @IsInt()
  @Min(1)
  seq!: number;

  @IsText(64)
  kind!: string;

  /** Unix milliseconds. */
  @IsInt()
  timeMs!: number;

  /** What it is about, e.g. a decision's id. */
  @IsOptional()
  @IsString()
  subject?: string;

  /** The request that it answers. */
  @IsOptional()
  @IsString()
  command?: string;

  @IsOptional()
  @IsString()
  key?: string;

  @IsOptional()
  @IsString()
  digest?: string;

  @Allow()
  body: unknown;

  /** Over this record and the hash of the one before. */
  @IsStateHash()
  hash!: string;
}

/** What ends a reading of the journal. */
export class JournalRead {
  /** Records that were read. */
  @IsCount()
  records!: number;

  /** The newest record of the journal at that moment. */
  @IsCount()
  lastSeq!: number;
}
