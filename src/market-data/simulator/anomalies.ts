import type { Rng } from '../../runtime/index.js';

/**
 * - `flash_crash`: a dive by many standard deviations that is bought back within the bar
 * - `volume_burst`: trades many times their usual size
 * - `spread_blowout`: a spread many times as wide, over a thin book
 * - `gap`: a jump between two bars, up or down
 * - `stale_feed`: the market moves on unseen: no trades, a frozen candle, the book of the bar before
 */
export const ANOMALY_KINDS = ['flash_crash', 'volume_burst', 'spread_blowout', 'gap', 'stale_feed'] as const;
export type AnomalyKind = (typeof ANOMALY_KINDS)[number];

/** An anomaly planted into a bar. */
export interface PlantedAnomaly {
  readonly kind: AnomalyKind;
  /** From 0, just visible, to 1, as bad as it gets. */
  readonly severity: number;
}

/** What an anomaly does to a bar; the neutral element is an ordinary bar. */
export interface AnomalyEffect {
  /** Depth of the dive within the bar, in standard deviations of the bar's return. */
  readonly diveDeviations: number;
  /** Jump at the open, signed, in standard deviations. */
  readonly jumpDeviations: number;
  readonly sizeMultiple: number;
  readonly spreadMultiple: number;
  readonly depthMultiple: number;
  readonly stale: boolean;
}

export const ORDINARY: AnomalyEffect = {
  diveDeviations: 0,
  jumpDeviations: 0,
  sizeMultiple: 1,
  spreadMultiple: 1,
  depthMultiple: 1,
  stale: false,
};

/** Draws with probability `rate` an anomaly of one of the kinds. */
export function drawAnomaly(
  rng: Rng,
  rate: number,
  kinds: readonly AnomalyKind[],
): PlantedAnomaly | undefined {
  // All draws are made each time, so that a bar's anomaly does not depend on those before it.
  const strikes = rng.uniform() < rate;
  const kind = kinds[Math.floor(rng.uniform() * kinds.length)];
  const severity = rng.uniform();
  return strikes && kind !== undefined ? { kind, severity } : undefined;
}

/** The effect of an anomaly; the size grows with its severity. */
export function effectOf({ kind, severity }: PlantedAnomaly, rng: Rng): AnomalyEffect {
  const between = (low: number, high: number): number => low + severity * (high - low);
  switch (kind) {
    case 'flash_crash':
      return {
        ...ORDINARY,
        diveDeviations: between(8, 25),
        sizeMultiple: between(2, 4),
        spreadMultiple: between(2, 6),
        depthMultiple: 0.4,
      };
    case 'volume_burst':
      return { ...ORDINARY, sizeMultiple: between(8, 40) };
    case 'spread_blowout':
      return { ...ORDINARY, spreadMultiple: between(8, 40), depthMultiple: between(0.3, 0.05) };
    case 'gap':
      return { ...ORDINARY, jumpDeviations: between(6, 20) * (rng.uniform() < 0.5 ? -1 : 1) };
    case 'stale_feed':
      return { ...ORDINARY, stale: true };
  }
}
