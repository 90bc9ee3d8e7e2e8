import { isDeepStrictEqual } from 'node:util';
import { decode, encode } from '@msgpack/msgpack';
import { Decider } from '../../fastcalc/index.js';
import { ServiceError } from '../../runtime/index.js';
import { roundTripBps } from '../dto/index.js';
import { Agreement } from './agreement.js';
import { ConfidenceSequence, type ConfidenceSums } from './confidence-sequence.js';
import { deciderContext, deciderVotes, rewardOf } from './decider-input.js';
import { type ChallengerSettings, DEFAULT_LIFE, type LifeSettings } from './life-settings.js';
import type { DecisionRecord, FeedbackRecord } from './records.js';
import { championEarned, pluralityEarned, shadowEarned } from './scoring.js';
import { Watch, type WatchState } from './watch.js';

/** Layout of {@link Policies.snapshot}; a checkpoint of another one is passed over. */
const SNAPSHOT_LAYOUT = 1;

/** A policy that learns and decides in the shadow. */
export interface Challenger {
  readonly name: string;
  readonly decider: Decider;
  /** It decided before, and lost its place by promotion of another. */
  readonly former: boolean;
  /** Confidence sequence of what it earned more than the champion, basis points a decision. */
  contest: ConfidenceSequence;
}

interface Snapshot {
  readonly layout: number;
  readonly champion: Uint8Array;
  readonly life: LifeSettings;
  readonly challengers: readonly {
    readonly name: string;
    readonly former: boolean;
    readonly state: Uint8Array;
    readonly contest: ConfidenceSums;
  }[];
  readonly watch: WatchState;
  readonly agreement: ConfidenceSums;
}

/** The champion, its challengers, and how they do: all that an outcome changes. */
export class Policies {
  champion = new Decider();
  challengers: Challenger[] = [];
  life: LifeSettings = DEFAULT_LIFE;
  watch = new Watch(0);

  /** Folds one outcome into every policy, and into the books on how they do. */
  learn(decision: DecisionRecord, feedback: Omit<FeedbackRecord, 'stateHash'>, seq: number): void {
    if (feedback.learned) {
      // The champion first: what it refuses nobody learns.
      teach(this.champion, decision, feedback);
      for (const { decider } of this.challengers) teach(decider, decision, feedback);
    }
    const rewards = feedback.feedbackKind === 'full' ? feedback.rewardsBps : undefined;
    if (!rewards || decision.tally.votes.length === 0) return;
    const earned = championEarned(decision, rewards);
    this.watch.observe(earned - pluralityEarned(decision, rewards), seq);
    for (const { name, contest } of this.challengers) {
      const shadow = shadowEarned(decision, name, rewards);
      if (shadow !== undefined) contest.observe(shadow - earned);
    }
  }

  /** Seats challengers as the settings want them; who is there already keeps what it knows. Returns the new ones. */
  seat(life: LifeSettings): Challenger[] {
    const restart = !isDeepStrictEqual(this.life.promotion, life.promotion);
    this.life = life;
    const same = ({ name, decider }: ChallengerSettings) =>
      this.challengers.find(
        (seat) => seat.name === name && isDeepStrictEqual(seat.decider.config(), decider),
      );
    const championConfig = this.champion.config();
    const wanted = life.challengers.filter(({ decider }) => !isDeepStrictEqual(decider, championConfig));
    const newcomers: Challenger[] = [];
    const seated = wanted.map((settings) => {
      const known = same(settings);
      if (known) return known;
      const { name, decider } = settings;
      const seat = { name, decider: new Decider(decider), former: false, contest: this.#contest(life) };
      newcomers.push(seat);
      return seat;
    });
    const names = new Set(seated.map(({ name }) => name));
    this.challengers = [
      ...seated,
      ...this.challengers.filter(({ former, name }) => former && !names.has(name)),
    ];
    if (restart) this.#restartContests();
    return newcomers;
  }

  /** The challenger decides from here on, the champion in its shadow. No effect for a name that is not seated. */
  promote(name: string, formerName: string, seq: number): void {
    const seat = this.challengers.find((challenger) => challenger.name === name);
    if (!seat) return;
    const former = {
      name: formerName,
      decider: this.champion,
      former: true,
      contest: this.#contest(this.life),
    };
    this.champion = seat.decider;
    this.challengers = [
      ...this.challengers.filter((other) => other !== seat && other.name !== formerName),
      former,
    ];
    this.#restartContests();
    // Where nothing good comes of it, the state before is the one to go back to.
    this.watch = new Watch(seq - 1);
  }

  /** Starts the books afresh, as after a change of the champion. */
  restartBooks(startSeq: number): void {
    this.watch = new Watch(startSeq);
    this.#restartContests();
  }

  /** @param agreement of the model with what was realised, kept beside the policies */
  snapshot(agreement: Agreement): Uint8Array {
    return encode({
      layout: SNAPSHOT_LAYOUT,
      champion: this.champion.snapshot(),
      life: this.life,
      challengers: this.challengers.map(({ name, former, decider, contest }) => ({
        name,
        former,
        state: decider.snapshot(),
        contest: contest.sums(),
      })),
      watch: this.watch.state(),
      agreement: agreement.sums(),
    } satisfies Snapshot);
  }

  /**
   * @throws ServiceError FAILED_PRECONDITION for a snapshot of another layout or arithmetic, DATA_LOSS for a damaged one
   */
  static restore(bytes: Uint8Array): { readonly policies: Policies; readonly agreement: Agreement } {
    const snapshot = decoded(bytes);
    const policies = new Policies();
    policies.champion = Decider.restore(snapshot.champion);
    policies.life = snapshot.life;
    const contest = policies.#contest.bind(policies);
    policies.challengers = snapshot.challengers.map(({ name, former, state, contest: sums }) => ({
      name,
      former,
      decider: Decider.restore(state),
      contest: contest(snapshot.life, sums),
    }));
    policies.watch = new Watch(0, snapshot.watch);
    return { policies, agreement: new Agreement(snapshot.agreement) };
  }

  #restartContests(): void {
    for (const challenger of this.challengers) challenger.contest = this.#contest(this.life);
  }

  /** The chance of a false promotion is shared among the challengers. */
  #contest({ promotion, challengers }: LifeSettings, sums?: ConfidenceSums): ConfidenceSequence {
    const { alpha, clipBps } = promotion;
    // One seat more, for the former champion.
    return new ConfidenceSequence(alpha / (challengers.length + 1), -clipBps, clipBps, sums);
  }
}

/** Folds an outcome into one policy, from the votes of decision time. */
export function teach(
  decider: Decider,
  { tally, costs }: DecisionRecord,
  feedback: Omit<FeedbackRecord, 'stateHash'>,
): void {
  if (!feedback.learned) return;
  const costsBps = { roundTripBps: roundTripBps(costs) };
  decider.learn(deciderVotes(tally), costsBps, rewardOf(feedback), deciderContext(tally));
}

function decoded(bytes: Uint8Array): Snapshot {
  let content: unknown;
  try {
    content = decode(bytes);
  } catch {
    content = undefined;
  }
  const layout = (content as Partial<Snapshot> | undefined)?.layout;
  if (layout === SNAPSHOT_LAYOUT) return content as Snapshot;
  throw new ServiceError(
    'FAILED_PRECONDITION',
    `state of layout ${layout ?? 'unknown'}; this version reads ${SNAPSHOT_LAYOUT}`,
  );
}
