import { invalidArgument } from '../runtime/index.js';

/** Settings of a decider; part of its snapshot and of its policy version. */
export interface DeciderConfig {
  /** Discount per vote of each memory of an expert, 1 to 8 values in (0.5, 1]. Default .97, .985, .995. */
  readonly discounts: readonly number[];
  /** Discount per outcome of the component that learns which action came out best, in (0.5, 1]. Default .999. */
  readonly realisedDiscount: number;
  /** Prior weight of that component; above 0, and with `pluralityPrior` and 3 `linearPrior` below 1. Default .01. */
  readonly realisedPrior: number;
  /** Discount per outcome of the faster ridge regression and of the edge-weighted vote, in (0.5, 1]. Default .998. */
  readonly fastRidgeDiscount: number;
  /** Discount per outcome of the slower ridge regression, in (0.5, 1]. Default .9995. */
  readonly slowRidgeDiscount: number;
  /** Prior weight of each regression and of the edge-weighted vote, in (0, 1/3). Default .01. */
  readonly linearPrior: number;
  /** Share of the mixture's weight that returns to its prior at every outcome, 0 to 0.5. Default .00005. */
  readonly shareRate: number;
  /** Share of an expert's weights over its memories that is spread equally at every vote, 0 to 0.5. Default .001. */
  readonly memoryShareRate: number;
  /** Prior weight of plurality in the mixture, in (0, 1). Default .5. */
  readonly pluralityPrior: number;
  /** Assumed hit rate of an unknown expert, in (1/3, 1): above chance. Default .5. */
  readonly priorAccuracy: number;
  /** Pseudo-votes behind `priorAccuracy`, in (0, 1000]. Default 4. */
  readonly priorVotes: number;
  /** Pseudo-votes per row pulling an expert's confusion to a symmetric one, in (0, 1000]. Default 50. */
  readonly rowShrinkage: number;
  /** Discount per outcome of plurality's calibration, in (0.5, 1]. Default .998. */
  readonly pluralityDiscount: number;
  /** Discount per outcome of the reward model, in (0.5, 1]. Default .9995. */
  readonly rewardDiscount: number;
  /** Pseudo-outcomes pulling the reward table to its symmetric form, in (0, 10000]. Default 500. */
  readonly rewardShrinkage: number;
  /** Assumed move when a trade is right, before any outcome, basis points, in (0, 1e6]. Default 10. */
  readonly priorMoveBps: number;
  /** Assumed ratio of that move to the rewards' scale once outcomes arrive, in (0, 10]. Default .3. */
  readonly priorSignal: number;
  /** Rewards are learned from after clipping at this multiple of their robust scale, 1 to 1000. Default 5. */
  readonly winsorSigmas: number;
  /**
   * Outcomes after which the learned mixture may act, 0 to 1e9; sooner where the evidence for it is overwhelming. Until
   * then plurality acts. Default 1000.
   */
  readonly probationOutcomes: number;
}

/** The scalar settings, in the order of the addon. */
export const SCALAR_SETTINGS = [
  'realisedDiscount',
  'realisedPrior',
  'fastRidgeDiscount',
  'slowRidgeDiscount',
  'linearPrior',
  'shareRate',
  'memoryShareRate',
  'pluralityPrior',
  'priorAccuracy',
  'priorVotes',
  'rowShrinkage',
  'pluralityDiscount',
  'rewardDiscount',
  'rewardShrinkage',
  'priorMoveBps',
  'priorSignal',
  'winsorSigmas',
  'probationOutcomes',
] as const satisfies readonly (keyof DeciderConfig)[];

const NAMES: ReadonlySet<string> = new Set([...SCALAR_SETTINGS, 'discounts']);

/** Settings as the addon returns them: scalars, then discounts. */
export function unpackConfig(settings: Float64Array): DeciderConfig {
  const scalars = Object.fromEntries(
    SCALAR_SETTINGS.map((name, index) => [name, settings[index] ?? Number.NaN]),
  );
  const discounts = Array.from(settings.subarray(SCALAR_SETTINGS.length));
  return { ...scalars, discounts } as unknown as DeciderConfig;
}

/**
 * A partial configuration over the defaults, as the addon takes it. Throws INVALID_ARGUMENT for an
 * unknown name or a value that is no number; ranges are checked by the addon.
 */
export function packConfig(
  config: Partial<DeciderConfig>,
  defaults: DeciderConfig,
): { discounts: Float64Array; scalars: Float64Array } {
  if (typeof config !== 'object' || config === null) throw invalidArgument('config', config, 'an object');
  for (const name of Object.keys(config)) {
    if (!NAMES.has(name)) throw invalidArgument(`config.${name}`, 'unknown setting', [...NAMES].join(', '));
  }
  const discounts: unknown = config.discounts ?? defaults.discounts;
  if (!Array.isArray(discounts)) throw invalidArgument('config.discounts', discounts, 'an array of numbers');
  return {
    discounts: Float64Array.from(discounts, (value, index) => numeric(`config.discounts[${index}]`, value)),
    scalars: Float64Array.from(SCALAR_SETTINGS, (name) =>
      numeric(`config.${name}`, config[name] === undefined ? defaults[name] : config[name]),
    ),
  };
}

function numeric(field: string, value: unknown): number {
  if (typeof value !== 'number') throw invalidArgument(field, value, 'a number');
  return value;
}
