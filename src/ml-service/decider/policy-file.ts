import type { DeciderConfig } from '../../fastcalc/index.js';
import { Decider } from '../../fastcalc/index.js';
import { invalidArgument } from '../../runtime/index.js';

/** How decisions are to be made, as a file says it. */
export interface PolicySettings {
  readonly decider: Partial<DeciderConfig>;
  /** Probability with which an action is drawn uniformly, 0..1. */
  readonly explorationRate: number;
  /** What buying or selling costs where nothing else says so, basis points for the round trip. */
  readonly roundTripBps: number;
  /** Of the exploration. */
  readonly seed: number;
}

const FIELDS = ['version', 'decider', 'explorationRate', 'roundTripBps', 'seed'];

/**
 * Settings from a file's content, `{"version": 1, "decider"?: {…}, "explorationRate"?: 0, "roundTripBps"?: 0,
 * "seed"?: 1}`.
 *
 * @throws ServiceError INVALID_ARGUMENT naming the setting, its value and what is allowed
 */
export function policySettings(content: unknown): PolicySettings {
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    throw invalidArgument('policy', content, 'an object');
  const said = content as Record<string, unknown>;
  for (const name of Object.keys(said))
    if (!FIELDS.includes(name)) throw invalidArgument(`policy.${name}`, 'unknown', FIELDS.join(', '));
  if (said['version'] !== 1) throw invalidArgument('policy.version', said['version'], '1');
  const decider = said['decider'] ?? {};
  if (typeof decider !== 'object' || Array.isArray(decider))
    throw invalidArgument('policy.decider', decider, 'an object');
  // Built once here, so that a setting out of range is found before anything is read or decided.
  new Decider(decider as Partial<DeciderConfig>);
  const explorationRate = number('explorationRate', said['explorationRate'] ?? 0);
  if (explorationRate > 1) throw invalidArgument('policy.explorationRate', explorationRate, '0 to 1');
  const seed = said['seed'] ?? 1;
  if (!Number.isSafeInteger(seed) || (seed as number) < 0)
    throw invalidArgument('policy.seed', seed, 'an integer of at least 0');
  return {
    decider: decider as Partial<DeciderConfig>,
    explorationRate,
    roundTripBps: number('roundTripBps', said['roundTripBps'] ?? 0),
    seed: seed as number,
  };
}

function number(name: string, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  throw invalidArgument(`policy.${name}`, value, 'a number of at least 0');
}
