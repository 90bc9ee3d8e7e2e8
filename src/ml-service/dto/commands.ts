import type { CreditReport } from './credit.js';
import type { Decision } from './decision.js';
import type { ExpertRegistered, ExpertRegistration, ExpertStatus } from './expert-registration.js';
import type { JournalLine, JournalRange, JournalRead } from './journal-range.js';
import type { Marked, MarkRequest } from './mark.js';
import type { MarketQuestion } from './market-question.js';
import type {
  FreezeRequest,
  PolicyChanged,
  PolicyVersion,
  PromoteRequest,
  RollbackRequest,
} from './policy.js';
import type { DecisionQuery, Explanation, Learned, RlStatus, SymbolQuery, VoteAccepted } from './requests.js';
import type { Trade } from './trade.js';
import type { TradeFeedback } from './trade-feedback.js';
import type { Vote } from './vote.js';
import type { VoteTally } from './vote-tally.js';

/** Every command of the ml-service with its request and reply: the typed stubs are inferred from it. */
export interface MlServiceCommands {
  'voting.predict': { request: MarketQuestion; response: Decision };
  'voting.cast_vote': { request: Vote; response: VoteAccepted };
  'voting.register_expert': { request: ExpertRegistration; response: ExpertRegistered };
  'voting.experts': { request: undefined; response: ExpertStatus[] };
  'voting.tally': { request: SymbolQuery; response: VoteTally };
  'order_flow.predict': { request: MarketQuestion; response: Vote };
  'regime.detect': { request: MarketQuestion; response: Vote };
  'anomaly.detect': { request: MarketQuestion; response: Vote };
  'rl.decide': { request: VoteTally; response: Decision };
  'rl.learn': { request: TradeFeedback; response: Learned };
  'rl.status': { request: undefined; response: RlStatus };
  'rl.credit': { request: undefined; response: CreditReport };
  'rl.versions': { request: undefined; response: PolicyVersion[] };
  'rl.rollback': { request: RollbackRequest; response: PolicyChanged };
  'rl.freeze': { request: FreezeRequest; response: PolicyChanged };
  'rl.promote': { request: PromoteRequest; response: PolicyChanged };
  'rl.explain': { request: DecisionQuery; response: Explanation };
  'post_trade.analyze': { request: Trade; response: TradeFeedback };
  'post_trade.mark': { request: MarkRequest; response: Marked };
}

/** Those whose reply is a stream: items, and the reply that ends them. */
export interface MlServiceStreams {
  'journal.read': { request: JournalRange; item: JournalLine; response: JournalRead };
}

export type MlServiceCommand = keyof MlServiceCommands;
