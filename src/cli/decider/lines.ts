import type {
  DeciderAction,
  DeciderContext,
  DeciderFeedback,
  DeciderVote,
  PerAction,
} from '../../fastcalc/index.js';
import { invalidArgument } from '../../runtime/index.js';

/** A line that asks for a decision. */
export interface DecisionLine {
  readonly kind: 'decision';
  readonly id: string;
  readonly votes: readonly DeciderVote[];
  readonly context: DeciderContext;
}

/** A line that says what came of one. */
export interface OutcomeLine {
  readonly kind: 'outcome';
  readonly id: string;
  readonly feedback: DeciderFeedback;
}

const ACTIONS = ['buy', 'hold', 'sell'] as const satisfies readonly DeciderAction[];
const DECISION_FIELDS = new Set(['decision', 'timeMs', 'votes', 'context']);
const VOTE_FIELDS = new Set(['expert', 'action', 'confidence', 'probabilities']);
const OUTCOME_FIELDS = new Set(['outcome', 'rewardsBps', 'action', 'rewardBps']);

type Fields = Readonly<Record<string, unknown>>;

function fields(field: string, value: unknown, known?: ReadonlySet<string>): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalidArgument(field, value, 'an object');
  for (const name of Object.keys(value)) {
    if (known !== undefined && !known.has(name))
      throw invalidArgument(field, `unknown field ${name}`, [...known].join(', '));
  }
  return value as Fields;
}

function finite(field: string, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw invalidArgument(field, value, 'a finite number');
}

function identity(field: string, value: unknown): string {
  if (typeof value === 'string' && value.length > 0 && value.length <= 128) return value;
  throw invalidArgument(field, value, 'text of 1 to 128 characters');
}

function actionOf(field: string, value: unknown): DeciderAction {
  const action = ACTIONS.find((each) => each === value);
  if (action === undefined) throw invalidArgument(field, value, ACTIONS.join(', '));
  return action;
}

function perAction(field: string, value: unknown): PerAction {
  const all = fields(field, value, new Set(ACTIONS));
  return {
    buy: finite(`${field}.buy`, all['buy']),
    hold: finite(`${field}.hold`, all['hold']),
    sell: finite(`${field}.sell`, all['sell']),
  };
}

/** The kernel takes the most probable action; without probabilities the confidence is spread around the action. */
function voteOf(value: unknown, index: number): DeciderVote {
  const field = `votes[${index}]`;
  const vote = fields(field, value, VOTE_FIELDS);
  const slot = identity(`${field}.expert`, vote['expert']);
  const action = actionOf(`${field}.action`, vote['action']);
  const confidence = vote['confidence'] === undefined ? 1 : finite(`${field}.confidence`, vote['confidence']);
  if (confidence < 0 || confidence > 1) throw invalidArgument(`${field}.confidence`, confidence, '0 to 1');
  if (vote['probabilities'] !== undefined) {
    const probabilities = perAction(`${field}.probabilities`, vote['probabilities']);
    for (const each of ACTIONS) {
      if (probabilities[each] > probabilities[action])
        throw invalidArgument(`${field}.probabilities`, `${each} above ${action}`, 'highest for the action');
    }
    return { slot, probabilities };
  }
  // At least half on the action, so that the hard vote is the one that was cast.
  const own = 0.5 + 0.5 * confidence;
  const rest = (1 - own) / 2;
  return { slot, probabilities: { buy: rest, hold: rest, sell: rest, [action]: own } };
}

/** A severity as a number falls into one of four grades, so that it makes few labels. */
const GRADES = ['below .25', '.25 to .5', '.5 to .75', 'from .75'] as const;

function labelOf(field: string, value: unknown, graded: boolean): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw invalidArgument(field, value, 'text, a finite number, true or false');
  const grade = Math.min(GRADES.length - 1, Math.max(0, Math.floor(4 * value)));
  return graded ? GRADES[grade] : String(value);
}

/** Of the context, `regime` and `anomaly` count; whatever else it says is passed over. */
function contextOf(value: unknown): DeciderContext {
  if (value === undefined) return {};
  const context = fields('context', value);
  return {
    regime: labelOf('context.regime', context['regime'], false),
    anomaly: labelOf('context.anomaly', context['anomaly'], true),
  };
}

/** Reads one line. Throws INVALID_ARGUMENT naming what is wrong with it. */
export function parseLine(text: string): DecisionLine | OutcomeLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalidArgument('line', text.slice(0, 80), 'one JSON object');
  }
  const line = fields('line', value);
  if (line['decision'] !== undefined) {
    fields('line', line, DECISION_FIELDS);
    const id = identity('decision', line['decision']);
    if (line['timeMs'] !== undefined) finite('timeMs', line['timeMs']);
    const context = contextOf(line['context']);
    const votes = line['votes'];
    if (!Array.isArray(votes)) throw invalidArgument('votes', votes, 'an array');
    return { kind: 'decision', id, votes: votes.map(voteOf), context };
  }
  if (line['outcome'] === undefined)
    throw invalidArgument('line', text.slice(0, 80), 'a decision or an outcome');
  fields('line', line, OUTCOME_FIELDS);
  const id = identity('outcome', line['outcome']);
  if (line['rewardsBps'] !== undefined) {
    if (line['action'] !== undefined || line['rewardBps'] !== undefined)
      throw invalidArgument('outcome', 'both kinds of reward', 'rewardsBps, or action and rewardBps');
    return { kind: 'outcome', id, feedback: { rewardsBps: perAction('rewardsBps', line['rewardsBps']) } };
  }
  const action = actionOf('action', line['action']);
  return {
    kind: 'outcome',
    id,
    feedback: { action, rewardBps: finite('rewardBps', line['rewardBps']) },
  };
}
