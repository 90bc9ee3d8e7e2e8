import { isDeepStrictEqual } from 'node:util';
import { ServiceError } from '../../runtime/index.js';
import {
  type BaseClient,
  BaseHandler,
  Command,
  type HandlerHost,
  type RequestContext,
} from '../../service-framework/index.js';
import {
  askMember,
  type Ballot,
  BuiltinMember,
  CastVotes,
  RemoteMember,
  Roster,
  tallyOf,
} from '../committee/index.js';
import {
  asOfMs,
  Decision,
  ExpertRegistered,
  ExpertRegistration,
  ExpertStatus,
  MarketQuestion,
  SymbolQuery,
  Vote,
  VoteAccepted,
  VoteTally,
} from '../dto/index.js';
import type { ExpertSeat } from '../experts/index.js';
import type { Journal } from '../journal/index.js';

/** Symbols whose latest tally is remembered. */
const REMEMBERED_TALLIES = 10_000;
/** Part of a request's remaining time that experts may use; the rest is for the decision and its record. */
const EXPERTS_SHARE = 0.7;

export interface VotingOptions {
  readonly experts: readonly Pick<ExpertSeat, 'expert' | 'version' | 'command'>[];
  readonly journal: Journal;
  /** Longest wait for one expert. */
  readonly expertTimeoutMs: number;
  /**
   * A client for a remote expert's endpoint; with a server key, over CURVE.
   * @throws ServiceError when the endpoint may not be connected to
   */
  readonly connect: (endpoint: string, serverKey: string | undefined) => BaseClient;
}

/** Asks the experts, tallies their votes and passes the tally on. It has no opinion of its own. */
export class VotingHandler extends BaseHandler {
  readonly #options: VotingOptions;
  readonly #roster = new Roster();
  readonly #castVotes = new CastVotes();
  readonly #tallies = new Map<string, VoteTally>();
  /** As the journal has them: the latest of each remote expert. */
  readonly #registrations = new Map<string, ExpertRegistration>();

  constructor(options: VotingOptions) {
    super();
    this.#options = options;
  }

  /** Seats the built-in experts and those whose registration is in the journal. */
  override async start(host: HandlerHost): Promise<void> {
    for (const expert of this.#options.experts) {
      await this.#roster.seat(new BuiltinMember(expert, this.#options.expertTimeoutMs));
    }
    for (const { body } of this.#options.journal.read({ kinds: ['expert'] })) {
      const registration = body as ExpertRegistration;
      this.#registrations.set(registration.expert, registration);
    }
    for (const registration of this.#registrations.values()) {
      try {
        await this.#seatRemote(registration);
      } catch (thrown) {
        // A built-in expert may have taken the id since; the service must start all the same.
        host.logger.warn({ err: thrown, expert: registration.expert }, 'registered expert not seated');
      }
    }
  }

  override stop(): Promise<void> {
    return this.#roster.close();
  }

  @Command('voting.predict', {
    request: MarketQuestion,
    response: Decision,
    summary: 'What now? Asks every expert, tallies, decides',
  })
  async predict(question: MarketQuestion, context: RequestContext): Promise<Decision> {
    const tally = tallyOf(question, await this.#poll(question, context));
    this.#remember(tally);
    for (const vote of tally.votes) context.publish(`vote.${tally.symbol}`, vote);
    for (const alert of tally.alerts) context.publish(`alert.${tally.symbol}`, alert);
    const decision = await context.call<Decision>('rl.decide', tally, { timeoutMs: context.remainingMs() });
    context.publish(`decision.${tally.symbol}`, decision);
    return decision;
  }

  @Command('voting.cast_vote', {
    request: Vote,
    response: VoteAccepted,
    roles: ['expert', 'admin'],
    summary: 'An expert votes on its own; counts until asOfMs + validForMs',
  })
  castVote(vote: Vote): VoteAccepted {
    this.#castVotes.cast(vote);
    return { accepted: true };
  }

  @Command('voting.register_expert', {
    request: ExpertRegistration,
    response: ExpertRegistered,
    roles: ['expert', 'admin'],
    summary: 'An expert in another process joins and is asked at every prediction',
  })
  async registerExpert(registration: ExpertRegistration, context: RequestContext): Promise<ExpertRegistered> {
    this.#roster.checkFree(registration.expert);
    const member = this.#remoteMember(registration);
    // An expert that comes back as it was is connected to afresh and leaves no further record.
    if (isDeepStrictEqual({ ...this.#registrations.get(registration.expert) }, { ...registration })) {
      await this.#roster.seat(member);
      return { expert: registration.expert, registered: true };
    }
    const { durable } = this.#options.journal.append({
      kind: 'expert',
      timeMs: context.clock.nowMs(),
      subject: registration.expert,
      body: { ...registration },
    });
    await durable;
    this.#registrations.set(registration.expert, registration);
    await this.#roster.seat(member);
    context.publish(`expert.${registration.expert}`, { ...registration, state: 'registered' });
    return { expert: registration.expert, registered: true };
  }

  @Command('voting.experts', {
    response: ExpertStatus,
    responseArray: true,
    summary: 'The members of the committee and how they have answered',
  })
  experts(): ExpertStatus[] {
    const seated = this.#roster.status();
    const known = new Set(seated.map(({ expert }) => expert));
    const casters = this.#castVotes.casters().filter(({ expert }) => !known.has(expert));
    return [
      ...seated,
      ...casters.map((caster) => ({ ...caster, kind: 'cast' as const, state: 'ready' as const, p50Ms: 0 })),
    ];
  }

  @Command('voting.tally', {
    request: SymbolQuery,
    response: VoteTally,
    summary: 'The latest tally of a symbol',
  })
  tally({ symbol }: SymbolQuery): VoteTally {
    const tally = this.#tallies.get(symbol);
    if (tally) return tally;
    throw new ServiceError('NOT_FOUND', `symbol: no votes were tallied on "${symbol}" since the start`, {
      field: 'symbol',
    });
  }

  /** One ballot from each expert: its answer, or the vote it cast where it is not asked or has no answer. */
  async #poll(question: MarketQuestion, context: RequestContext): Promise<Ballot[]> {
    const timeoutMs = Math.max(1, context.remainingMs() * EXPERTS_SHARE);
    const options = {
      timeoutMs,
      signal: context.signal,
      call: (command: string, payload: unknown, limits: { timeoutMs: number; signal: AbortSignal }) =>
        context.call(command, payload, limits),
    };
    const asked = this.#roster
      .asked(question.symbol)
      .map(({ member, record }) => askMember(member, record, question, options, context.clock));
    const ballots = new Map((await Promise.all(asked)).map((ballot) => [ballot.expert, ballot]));
    for (const vote of this.#castVotes.valid(question.symbol, asOfMs(question))) {
      const answer = ballots.get(vote.expert);
      if (!answer || 'absent' in answer) ballots.set(vote.expert, { expert: vote.expert, vote });
    }
    return [...ballots.values()];
  }

  #remember(tally: VoteTally): void {
    // Set again at the end, so that the first of the map is the one longest not asked about.
    this.#tallies.delete(tally.symbol);
    this.#tallies.set(tally.symbol, tally);
    if (this.#tallies.size <= REMEMBERED_TALLIES) return;
    const oldest = this.#tallies.keys().next();
    if (!oldest.done) this.#tallies.delete(oldest.value);
  }

  #remoteMember(registration: ExpertRegistration): RemoteMember {
    return new RemoteMember(
      registration,
      this.#options.connect(registration.endpoint, registration.serverKey),
      this.#options.expertTimeoutMs,
    );
  }

  #seatRemote(registration: ExpertRegistration): Promise<void> {
    this.#roster.checkFree(registration.expert);
    return this.#roster.seat(this.#remoteMember(registration));
  }
}
