import { invalidArgument } from '../runtime/index.js';
import { type DeciderConfig, packConfig, unpackConfig } from './decider-config.js';
import { NO_CONTEXT, packContext } from './decider-context.js';
import type {
  DeciderAction,
  DeciderAnswer,
  DeciderContext,
  DeciderContribution,
  DeciderCosts,
  DeciderExpert,
  DeciderFeedback,
  DeciderVote,
  PerAction,
} from './decider-types.js';
import { VotePacker } from './decider-votes.js';
import { loadNative } from './native.js';
import type { NativeDecider } from './native-decider.js';
import { translate, translated } from './native-errors.js';

const ACTIONS = ['buy', 'hold', 'sell'] as const satisfies readonly DeciderAction[];
/** Where the parts of an answer start in the addon's array. */
const PLURALITY = 1;
const SIZE = 2;
const GUARDRAIL = 3;
const SCORES = 4;
const PROBABILITIES = 7;
const MIXTURE = 10;
/** In place of an action: all rewards are known. */
const ALL_ACTIONS = -1;

/**
 * The learning decider: combines the experts' votes, starting as the plain plurality vote and
 * moving to whatever combination the outcomes favour. The arithmetic is Rust; the same calls give
 * the same bits on any machine.
 */
export class Decider {
  readonly #native: NativeDecider;
  readonly #components: readonly string[];
  readonly #packer = new VotePacker();
  #answer = new Float64Array(64);

  /**
   * A decider that knows nothing. Throws INVALID_ARGUMENT naming the setting that is out of range.
   * `native` is for `restore` alone.
   */
  constructor(config: Partial<DeciderConfig> = {}, native: NativeDecider = create(config)) {
    this.#native = native;
    const { fastRidgeDiscount, slowRidgeDiscount } = this.config();
    this.#components = [
      'plurality',
      'naive-bayes',
      'realised-best',
      `ridge-${fastRidgeDiscount}`,
      `ridge-${slowRidgeDiscount}`,
      'edge-weighted',
    ];
  }

  /** The decider a snapshot was taken of. Throws DATA_LOSS, or FAILED_PRECONDITION for another format. */
  static restore(bytes: Uint8Array): Decider {
    if (!(bytes instanceof Uint8Array)) throw invalidArgument('snapshot', bytes, 'a Uint8Array');
    return new Decider(
      {},
      translated(() => loadNative().NativeDecider.restore(bytes)),
    );
  }

  /** Answers a set of votes and changes nothing. Nobody voting is hold, with scores of 0. */
  decide(
    votes: readonly DeciderVote[],
    costs: DeciderCosts,
    context: DeciderContext = NO_CONTEXT,
  ): DeciderAnswer {
    const packer = this.#packer;
    packer.pack(votes);
    const contributions = MIXTURE + this.#components.length;
    const length = contributions + 3 * votes.length;
    if (this.#answer.length < length) this.#answer = new Float64Array(2 * length);
    const answer = this.#answer;
    try {
      this.#native.decide(packer.slots, packer.probabilities, costOf(costs), packContext(context), answer);
    } catch (error) {
      throw translate(error);
    }
    return {
      action: actionAt(answer, 0),
      size: answer[SIZE] ?? 0,
      guardrail: answer[GUARDRAIL] ?? 0,
      scores: perAction(answer, SCORES),
      probabilities: perAction(answer, PROBABILITIES),
      contributions: votes.map((vote, index) => contribution(vote.slot, answer, contributions + 3 * index)),
      plurality: actionAt(answer, PLURALITY),
      mixture: this.#components.map((component, index) => ({
        component,
        weight: answer[MIXTURE + index] ?? 0,
      })),
    };
  }

  /**
   * Folds one outcome in: the votes of the decision and what came of it. `costs` says what is
   * already taken off the rewards of buy and sell, `context` what was known of the circumstances when the decision was
   * made. Nothing is learned when this throws.
   */
  learn(
    votes: readonly DeciderVote[],
    costs: DeciderCosts,
    feedback: DeciderFeedback,
    context: DeciderContext = NO_CONTEXT,
  ): void {
    const packer = this.#packer;
    packer.pack(votes);
    const { action, buy, hold, sell } = packFeedback(feedback);
    const circumstances = packContext(context);
    try {
      this.#native.learn(
        packer.slots,
        packer.probabilities,
        costOf(costs),
        circumstances,
        action,
        buy,
        hold,
        sell,
      );
    } catch (error) {
      throw translate(error);
    }
  }

  /** Outcomes learned. */
  get outcomes(): number {
    return this.#native.outcomes;
  }

  /** Name of the arithmetic and its settings, for the record of every decision. */
  get policyVersion(): string {
    return this.#native.policyVersion;
  }

  /** The settings, defaults filled in. */
  config(): DeciderConfig {
    return unpackConfig(this.#native.settings());
  }

  /** What is known of every expert, sorted by slot. */
  experts(): DeciderExpert[] {
    return this.#native.experts();
  }

  /** The whole state; `restore` gives the same decider, bit for bit. */
  snapshot(): Uint8Array {
    return this.#native.snapshot();
  }

  /** SHA-256 of the snapshot, in hexadecimal. */
  stateHash(): string {
    return this.#native.stateHash();
  }
}

function create(config: Partial<DeciderConfig>): NativeDecider {
  const { NativeDecider } = loadNative();
  const packed = packConfig(config, unpackConfig(NativeDecider.defaultSettings()));
  return translated(() => new NativeDecider(packed.discounts, packed.scalars));
}

function costOf(costs: DeciderCosts): number {
  const cost: unknown = (costs as DeciderCosts | null | undefined)?.roundTripBps;
  if (typeof cost !== 'number') throw invalidArgument('costs.roundTripBps', cost, 'a number from 0 to 1e6');
  return cost;
}

/** Feedback as the addon takes it; with one reward only, it travels as `buy`. */
function packFeedback(feedback: DeciderFeedback): { action: number } & PerAction {
  if (typeof feedback !== 'object' || feedback === null) {
    throw invalidArgument('feedback', feedback, '{rewardsBps} or {action, rewardBps}');
  }
  if ('rewardsBps' in feedback) {
    const rewards = feedback.rewardsBps as PerAction | null | undefined;
    for (const name of ACTIONS) reward(`feedback.rewardsBps.${name}`, rewards?.[name]);
    return { action: ALL_ACTIONS, ...(rewards as PerAction) };
  }
  const action = ACTIONS.indexOf(feedback.action);
  if (action < 0) throw invalidArgument('feedback.action', feedback.action, ACTIONS.join(', '));
  reward('feedback.rewardBps', feedback.rewardBps);
  return { action, buy: feedback.rewardBps, hold: 0, sell: 0 };
}

function reward(field: string, value: unknown): void {
  if (typeof value !== 'number') throw invalidArgument(field, value, 'a number within ±1e6');
}

function actionAt(answer: Float64Array, index: number): DeciderAction {
  return ACTIONS[answer[index] ?? 1] ?? 'hold';
}

function perAction(answer: Float64Array, at: number): PerAction {
  return { buy: answer[at] ?? 0, hold: answer[at + 1] ?? 0, sell: answer[at + 2] ?? 0 };
}

function contribution(slot: string, answer: Float64Array, at: number): DeciderContribution {
  return { slot, buy: answer[at] ?? 0, hold: answer[at + 1] ?? 0, sell: answer[at + 2] ?? 0 };
}
