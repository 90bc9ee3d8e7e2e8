import { barMs, type MarketQuestion, type Severity } from '../../dto/index.js';
import { median, robustZ } from './robust.js';

/** Bars before the last one that say what is usual. */
const REFERENCE_BARS = 256;
/** Fewer say nothing. */
export const MIN_REFERENCE_BARS = 20;

/** What one check found; a severity only where it is worth an alert. */
export interface Finding {
  readonly channel: string;
  readonly kind: string;
  readonly score: number;
  readonly severity?: Severity;
  readonly message: string;
}

/** From which score on, ascending. Volume and range alone never stop trading: news looks like that. */
interface Thresholds {
  readonly info: number;
  readonly warning: number;
  readonly critical: number;
}

const THRESHOLDS = {
  /** Robust standard deviations of the last return. */
  return: { info: 5, warning: 8, critical: 14 },
  /** Robust standard deviations of the last high-low range. */
  range: { info: 6, warning: 10, critical: Number.POSITIVE_INFINITY },
  /** Robust standard deviations of the last volume. */
  volume: { info: 8, warning: 16, critical: Number.POSITIVE_INFINITY },
  /** Spread over the usual range of a bar: above 1 a round trip costs more than a bar moves. */
  spread: { info: 0.5, warning: 1, critical: 4 },
  /** Last spacing of the candles over the widest one before. */
  gap: { info: 1.5, warning: 3, critical: 12 },
  /** Bars in a row without any change or trade, against the longest such run before (at least one). */
  stale: { info: 3, warning: 6, critical: 20 },
  /** Bars by which book or candles lag behind the newest data of the question. */
  lag: { info: 2, warning: 4, critical: 20 },
} as const satisfies Record<string, Thresholds>;

function severityOf(score: number, at: Thresholds): Severity | undefined {
  if (score >= at.critical) return 'critical';
  if (score >= at.warning) return 'warning';
  return score >= at.info ? 'info' : undefined;
}

function finding(channel: string, kind: string, score: number, at: Thresholds, message: string): Finding {
  const severity = severityOf(Math.abs(score), at);
  return { channel, kind, score, message, ...(severity === undefined ? {} : { severity }) };
}

/** The last value of a per-bar series and the ones before it, at most REFERENCE_BARS. */
function lastAndReference(
  rows: number,
  at: (row: number) => number,
): { last: number; reference: Float64Array } {
  const from = Math.max(0, rows - 1 - REFERENCE_BARS);
  const reference = new Float64Array(rows - 1 - from);
  for (let i = 0; i < reference.length; i++) reference[i] = at(from + i);
  return { last: at(rows - 1), reference };
}

/** Return of the last bar, close to close, against the usual ones. */
export function checkReturn({ candles: { close } }: MarketQuestion): Finding {
  const { last, reference } = lastAndReference(close.length - 1, (row) => {
    const before = close[row] as number;
    return (((close[row + 1] as number) - before) / before) * 1e4;
  });
  const score = robustZ(last, reference);
  const message = `last return ${last.toFixed(1)} bps, ${score.toFixed(1)} robust standard deviations`;
  return finding('return', 'flash_move', score, THRESHOLDS.return, message);
}

/** High-low range of the last bar in basis points. */
export function checkRange({ candles: { high, low, close } }: MarketQuestion): Finding {
  const { last, reference } = lastAndReference(
    close.length,
    (row) => (((high[row] as number) - (low[row] as number)) / (close[row] as number)) * 1e4,
  );
  const score = Math.max(0, robustZ(last, reference));
  const message = `last range ${last.toFixed(1)} bps, ${score.toFixed(1)} robust standard deviations above usual`;
  return finding('range', 'wide_range', score, THRESHOLDS.range, message);
}

/** Volume of the last bar. */
export function checkVolume({ candles: { volume } }: MarketQuestion): Finding {
  const { last, reference } = lastAndReference(volume.length, (row) => volume[row] as number);
  const score = Math.max(0, robustZ(last, reference));
  const message = `last volume ${last}, ${score.toFixed(1)} robust standard deviations above usual`;
  return finding('volume', 'volume_burst', score, THRESHOLDS.volume, message);
}

/** Best ask against best bid: crossed, or so wide that a round trip eats a whole bar. Needs a book. */
export function checkSpread({ book, candles: { high, low, close } }: MarketQuestion): Finding | undefined {
  if (!book) return undefined;
  const bid = book.bidPrice[0] as number;
  const ask = book.askPrice[0] as number;
  const spreadBps = ((ask - bid) / ((ask + bid) / 2)) * 1e4;
  if (spreadBps <= 0) {
    const message = `best bid ${bid} is not below best ask ${ask}`;
    return { channel: 'spread', kind: 'crossed_book', score: spreadBps, severity: 'critical', message };
  }
  const { reference } = lastAndReference(
    close.length,
    (row) => (((high[row] as number) - (low[row] as number)) / (close[row] as number)) * 1e4,
  );
  const usualRangeBps = median(reference);
  const score = usualRangeBps > 0 ? spreadBps / usualRangeBps : 0;
  const message = `spread ${spreadBps.toFixed(2)} bps, ${score.toFixed(2)} of a usual bar's range`;
  return finding('spread', 'spread_blowout', score, THRESHOLDS.spread, message);
}

/** Time missing before the last bar, measured by the widest gap before: nights and weekends are usual. */
export function checkGap({ candles: { timeMs } }: MarketQuestion): Finding {
  const { last, reference } = lastAndReference(
    timeMs.length - 1,
    (row) => (timeMs[row + 1] as number) - (timeMs[row] as number),
  );
  const widest = reference.reduce((most, spacing) => Math.max(most, spacing), 0);
  const score = widest > 0 ? last / widest : 0;
  const message = `${last} ms between the last two candles, ${score.toFixed(1)} times the widest gap before`;
  return finding('gap', 'data_gap', score, THRESHOLDS.gap, message);
}

/** Bars at the end in which nothing moved and nothing traded, beyond what this market is used to. */
export function checkStale({ candles: { open, high, low, close, volume } }: MarketQuestion): Finding {
  const rows = close.length;
  const still = (row: number): boolean =>
    volume[row] === 0 && high[row] === low[row] && open[row] === close[row] && close[row] === close[row - 1];
  let run = 0;
  while (run < rows - 1 && still(rows - 1 - run)) run++;
  let longest = 1;
  for (let row = Math.max(1, rows - 1 - run - REFERENCE_BARS), current = 0; row < rows - run; row++) {
    current = still(row) ? current + 1 : 0;
    longest = Math.max(longest, current);
  }
  const score = run / longest;
  const message = `${run} candles in a row without a change or a trade`;
  return finding('feed', 'stale_candles', score, THRESHOLDS.stale, message);
}

/** Book against candles: whichever is old makes the picture a mixture of two times. Needs a book. */
export function checkLag(question: MarketQuestion): Finding | undefined {
  const { book, candles } = question;
  const bar = barMs(question);
  if (!book || bar <= 0) return undefined;
  const closedMs = (candles.timeMs[candles.timeMs.length - 1] as number) + bar;
  const lagBars = (closedMs - book.timeMs) / bar;
  const [what, bars] = lagBars >= 0 ? ['book', lagBars] : ['candles', -lagBars];
  const message = `the ${what} lag ${bars.toFixed(1)} bars behind the rest of the question`;
  return finding('feed', `stale_${what}`, bars, THRESHOLDS.lag, message);
}
