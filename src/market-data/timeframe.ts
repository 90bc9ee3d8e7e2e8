import { invalidArgument } from '../runtime/index.js';

/** Milliseconds of each unit; a month counts as 30 days, since bars of months differ. */
const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  M: 2_592_000_000,
};

const TIMEFRAME = /^([1-9]\d{0,8})(ms|s|m|h|d|w|M)$/;
/** Four weeks are 28 days too, so a median month is recognised from 29 days on. */
const SHORTEST_MONTH_MS = 29 * 86_400_000;
const LONGEST_MONTH_MS = 31 * 86_400_000;

/** True for texts like `500ms`, `1s`, `5m`, `4h`, `1d`, `1w`, `1M` (month). */
export function isTimeframe(text: string): boolean {
  return TIMEFRAME.test(text);
}

/**
 * Length of a bar in milliseconds; a month counts as 30 days.
 *
 * @throws ServiceError INVALID_ARGUMENT for any other text
 */
export function timeframeMs(timeframe: string): number {
  const [, count, unit] = TIMEFRAME.exec(timeframe) ?? [];
  if (count === undefined || unit === undefined)
    throw invalidArgument('timeframe', timeframe, 'like 500ms, 1s, 5m, 4h, 1d, 1w or 1M');
  return Number(count) * (UNIT_MS[unit] ?? Number.NaN);
}

/** The timeframe of that many milliseconds, in the largest unit that divides them: 300000 is `5m`. */
export function timeframeOf(spacingMs: number): string {
  if (!Number.isFinite(spacingMs) || spacingMs < 1)
    throw invalidArgument('spacingMs', spacingMs, 'a number of at least 1');
  if (spacingMs >= SHORTEST_MONTH_MS && spacingMs <= LONGEST_MONTH_MS) return '1M';
  const whole = Math.round(spacingMs);
  for (const unit of ['w', 'd', 'h', 'm', 's'] as const) {
    const length = UNIT_MS[unit] ?? Number.NaN;
    if (whole % length === 0) return `${whole / length}${unit}`;
  }
  return `${whole}ms`;
}
