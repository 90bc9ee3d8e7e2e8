import { Type } from 'class-transformer';
import { IsBoolean, IsIn, IsOptional, ValidateNested } from 'class-validator';
import { Check, type CheckProblem, IsFiniteNumber } from '../../service-framework/index.js';
import { ACTIONS, type Action } from './action.js';
import { IsCount, IsRecordSeq, IsStateHash, IsText } from './fields.js';
import { Trade } from './trade.js';

/** `full`: every action's reward is known; `bandit`: only the taken one's; `none`: nothing to learn from. */
export const FEEDBACK_KINDS = ['full', 'bandit', 'none'] as const;
export type FeedbackKind = (typeof FEEDBACK_KINDS)[number];

/** A hundredfold gain in one trade; above it a price was mistyped. */
export const MAX_REWARD_BPS = 1e6;
const REWARD = { min: -MAX_REWARD_BPS, max: MAX_REWARD_BPS } as const;

/** Net return each action would have earned, basis points. */
export class RewardsBps {
  @IsFiniteNumber(REWARD)
  buy!: number;

  @IsFiniteNumber(REWARD)
  hold!: number;

  @IsFiniteNumber(REWARD)
  sell!: number;
}

function feedbackProblem(feedback: TradeFeedback): CheckProblem | undefined {
  if (feedback.feedbackKind === 'full' && feedback.rewardsBps === undefined) {
    return { field: 'rewardsBps', problem: 'missing; must be given with feedbackKind "full"' };
  }
  return undefined;
}

/** The reward made from an outcome. As a request to `rl.learn` the last three fields are not needed. */
@Check(feedbackProblem)
export class TradeFeedback {
  @IsText(64)
  decisionId!: string;

  @IsIn(FEEDBACK_KINDS)
  feedbackKind!: FeedbackKind;

  /** What the taken action earned, net of fees, spread and slippage. */
  @IsFiniteNumber(REWARD)
  realisedBps!: number;

  @IsOptional()
  @ValidateNested()
  @Type(() => RewardsBps)
  rewardsBps?: RewardsBps;

  /** The action that was taken; the decision's own when not said. */
  @IsOptional()
  @IsIn(ACTIONS)
  takenAction?: Action;

  /** The record (`seq`) of the outcome that this one takes the place of; must be the one in force. */
  @IsOptional()
  @IsRecordSeq()
  corrects?: number;

  /** Made by the host from market data; a reported outcome takes its place without saying so. */
  @IsOptional()
  @IsBoolean()
  marked?: boolean;

  /** The trade behind it, kept for the record. */
  @IsOptional()
  @ValidateNested()
  @Type(() => Trade)
  trade?: Trade;

  @IsOptional()
  @IsBoolean()
  learned?: boolean;

  @IsOptional()
  @IsCount()
  seq?: number;

  @IsOptional()
  @IsStateHash()
  stateHash?: string;
}
