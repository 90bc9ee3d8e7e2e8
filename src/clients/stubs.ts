import type { CallOptions, StreamOptions } from '../service-framework/index.js';
import {
  type RequestOf,
  type ResponseOf,
  type StreamOf,
  type StreamRequestOf,
  TypedClient,
} from './typed-client.js';

type Reply<C extends Parameters<TypedClient['call']>[0]> = Promise<ResponseOf<C>>;

/** Stub of the voting handler: predictions, and the experts' side of the committee. */
export class VotingServiceClient extends TypedClient {
  /** "What now?": asks every expert and returns the decision. */
  predict(question: RequestOf<'voting.predict'>, options?: CallOptions): Reply<'voting.predict'> {
    return this.call('voting.predict', question, options);
  }

  /** Votes without being asked; counts until `asOfMs + validForMs`. */
  castVote(vote: RequestOf<'voting.cast_vote'>, options?: CallOptions): Reply<'voting.cast_vote'> {
    return this.call('voting.cast_vote', vote, options);
  }

  /** Joins the committee: from now on the service asks the given endpoint at every prediction. */
  registerExpert(
    registration: RequestOf<'voting.register_expert'>,
    options?: CallOptions,
  ): Reply<'voting.register_expert'> {
    return this.call('voting.register_expert', registration, options);
  }

  experts(options?: CallOptions): Reply<'voting.experts'> {
    return this.call('voting.experts', undefined, options);
  }

  /** The latest tally of a symbol. */
  tally(symbol: string, options?: CallOptions): Reply<'voting.tally'> {
    return this.call('voting.tally', { symbol }, options);
  }
}

/** The commands that answer a question with a vote. */
export type ExpertCommand = 'order_flow.predict' | 'regime.detect' | 'anomaly.detect';

/** Stub of one built-in expert, asked past the committee. */
export class ExpertClient extends TypedClient {
  readonly #command: ExpertCommand;

  constructor(client: ConstructorParameters<typeof TypedClient>[0], command: ExpertCommand) {
    super(client);
    this.#command = command;
  }

  vote(question: RequestOf<ExpertCommand>, options?: CallOptions): Reply<ExpertCommand> {
    return this.call(this.#command, question, options);
  }
}

/** Stub of the decider. */
export class RlClient extends TypedClient {
  decide(tally: RequestOf<'rl.decide'>, options?: CallOptions): Reply<'rl.decide'> {
    return this.call('rl.decide', tally, options);
  }

  /** Needs `options.key`: the same key is learned once, however often it is sent. */
  learn(feedback: RequestOf<'rl.learn'>, options: CallOptions & { readonly key: string }): Reply<'rl.learn'> {
    return this.call('rl.learn', feedback, options);
  }

  status(options?: CallOptions): Reply<'rl.status'> {
    return this.call('rl.status', undefined, options);
  }

  /** League table of the experts. */
  credit(options?: CallOptions): Reply<'rl.credit'> {
    return this.call('rl.credit', undefined, options);
  }

  /** Every version of the policy; the one in force is the last. */
  versions(options?: CallOptions): Reply<'rl.versions'> {
    return this.call('rl.versions', undefined, options);
  }

  /** Role admin. Goes back to the policy as it was after a record, or when a version began. */
  rollback(
    request: RequestOf<'rl.rollback'>,
    options: CallOptions & { readonly key: string },
  ): Reply<'rl.rollback'> {
    return this.call('rl.rollback', request, options);
  }

  /** Role admin. While frozen, outcomes are recorded without being learned. */
  freeze(
    request: RequestOf<'rl.freeze'>,
    options: CallOptions & { readonly key: string },
  ): Reply<'rl.freeze'> {
    return this.call('rl.freeze', request, options);
  }

  /** Role admin. Puts a challenger in the champion's place. */
  promote(
    request: RequestOf<'rl.promote'>,
    options: CallOptions & { readonly key: string },
  ): Reply<'rl.promote'> {
    return this.call('rl.promote', request, options);
  }

  explain(decisionId: string, options?: CallOptions): Reply<'rl.explain'> {
    return this.call('rl.explain', { decisionId }, options);
  }
}

/** Stub of the journal, as it is read from outside. */
export class JournalClient extends TypedClient {
  /** The records, oldest first, as `conclave journal export` writes them; for roles admin and observer. */
  read(range: StreamRequestOf<'journal.read'> = {}, options?: StreamOptions): StreamOf<'journal.read'> {
    return this.stream('journal.read', range, options);
  }
}

/** Stub of the post-trade handler. */
export class PostTradeClient extends TypedClient {
  /** Needs `options.key`: the same key is learned once, however often it is sent. */
  analyze(
    trade: RequestOf<'post_trade.analyze'>,
    options: CallOptions & { readonly key: string },
  ): Reply<'post_trade.analyze'> {
    return this.call('post_trade.analyze', trade, options);
  }

  /** Gives open decisions their outcome from market data. Needs `options.key`, as `analyze`. */
  mark(
    request: RequestOf<'post_trade.mark'>,
    options: CallOptions & { readonly key: string },
  ): Reply<'post_trade.mark'> {
    return this.call('post_trade.mark', request, options);
  }
}
