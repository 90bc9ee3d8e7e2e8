import { Type } from 'class-transformer';
import { IsArray, IsOptional, IsString, ValidateNested } from 'class-validator';
import { IsFiniteNumber } from '../../service-framework/index.js';
import { IsCount } from './fields.js';

const SHARE = { min: 0, max: 1 } as const;

/** How an expert did while the regime expert saw one regime. */
export class RegimeCredit {
  /** The regime expert's label; `unknown` where it did not vote. */
  @IsString()
  regime!: string;

  /** Votes whose outcome is fully known. */
  @IsCount()
  judged!: number;

  /** Share of them that no other action would have beaten. */
  @IsFiniteNumber(SHARE)
  hitRate!: number;

  /** What the actions voted for earned on the mean, net of costs, basis points. */
  @IsFiniteNumber()
  edgeBps!: number;
}

/** How often two experts agree beyond what their habits explain. */
export class HerdingCredit {
  @IsString()
  expert!: string;

  /** Decisions on which both voted. */
  @IsCount()
  common!: number;

  /** Share of equal votes. */
  @IsFiniteNumber(SHARE)
  agreement!: number;

  /** Cohen's kappa: 0 as by chance, 1 always equal, below 0 opposed. */
  @IsFiniteNumber({ min: -1, max: 1 })
  kappa!: number;
}

/** What one expert is worth. */
export class ExpertCredit {
  @IsString()
  expert!: string;

  /** Decisions it voted on. */
  @IsCount()
  votes!: number;

  /** Of these, those whose outcome is fully known; what follows from rewards is over them. */
  @IsCount()
  judged!: number;

  /** What its vote added to the score of the action chosen, on the mean, basis points. */
  @IsFiniteNumber()
  contributionBps!: number;

  /** What the decisions earned more than they would have without its vote, on the mean, basis points. */
  @IsFiniteNumber()
  worthBps!: number;

  /** The same, summed. */
  @IsFiniteNumber()
  totalWorthBps!: number;

  /** Decisions that would have been another action without its vote. */
  @IsCount()
  pivotal!: number;

  @IsFiniteNumber(SHARE)
  hitRate!: number;

  @IsFiniteNumber()
  edgeBps!: number;

  /** Mean squared error of its probabilities against the action that came out best, 0..2 (Brier 1950). */
  @IsFiniteNumber({ min: 0, max: 2 })
  brier!: number;

  /** Expected calibration error of its largest probability, ten bins, 0..1. */
  @IsFiniteNumber(SHARE)
  ece!: number;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => RegimeCredit)
  regimes!: RegimeCredit[];

  /** The others, the one it agrees with most first. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => HerdingCredit)
  herding!: HerdingCredit[];
}

/** The league table, the most worthwhile expert first. */
export class CreditReport {
  /** Last record taken into account; behind the journal's end when the time did not suffice. */
  @IsCount()
  seq!: number;

  @IsCount()
  decisions!: number;

  /** Decisions whose outcome is fully known. */
  @IsCount()
  judged!: number;

  /** Corrections of outcomes too old to be corrected here; absent when there were none. */
  @IsOptional()
  @IsCount()
  uncorrected?: number;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ExpertCredit)
  experts!: ExpertCredit[];
}
