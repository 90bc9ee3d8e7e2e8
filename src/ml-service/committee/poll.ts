import { type Clock, ServiceError } from '../../runtime/index.js';
import { compileValidator } from '../../service-framework/index.js';
import { type MarketQuestion, Vote } from '../dto/index.js';
import type { AskOptions, Member, MemberRecord } from './member.js';
import type { Ballot } from './tally.js';

const checkVote = compileValidator(Vote);

/** The longest reason that fits a tally. */
const MAX_REASON_CHARACTERS = 500;

function reasonOf(thrown: unknown): string {
  const error = ServiceError.from(thrown);
  const shown =
    error.code === 'INTERNAL' && error.cause instanceof Error ? error.cause.message : error.message;
  return `${error.code}: ${shown}`.slice(0, MAX_REASON_CHARACTERS);
}

/** A vote that is well formed and is what was asked for. */
function checkedVote(raw: unknown, member: Member, question: MarketQuestion): Vote {
  const vote = checkVote.validate(raw);
  const expected = [
    ['expert', vote.expert, member.expert],
    ['version', vote.version, member.version],
    ['symbol', vote.symbol, question.symbol],
  ] as const;
  for (const [field, actual, wanted] of expected) {
    if (actual !== wanted) {
      throw new ServiceError('INVALID_ARGUMENT', `vote.${field} is "${actual}"; must be "${wanted}"`, {
        field,
      });
    }
  }
  return vote;
}

/**
 * Asks one member. It never rejects: whatever goes wrong is an absence with its reason. That it ends in time is
 * the member's own promise.
 */
export async function askMember(
  member: Member,
  record: MemberRecord,
  question: MarketQuestion,
  options: AskOptions,
  clock: Clock,
): Promise<Ballot> {
  const startMs = clock.monotonicMs();
  const timeoutMs = Math.min(options.timeoutMs, member.timeoutMs);
  try {
    const raw = await member.ask(question, { ...options, timeoutMs });
    const vote = checkedVote(raw, member, question);
    record.answered(clock.monotonicMs() - startMs, vote.abstain !== undefined);
    return { expert: member.expert, vote };
  } catch (thrown) {
    record.failed();
    return { expert: member.expert, absent: reasonOf(thrown) };
  }
}
