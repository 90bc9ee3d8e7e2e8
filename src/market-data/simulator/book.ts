import type { Rng } from '../../runtime/index.js';
import type { BookSnapshot } from '../types.js';

/** What the book looks like at one moment. */
export interface BookShape {
  readonly timeMs: number;
  /** Logarithm of the middle price. */
  readonly midLog: number;
  /** Half of bid to ask, as a log return. */
  readonly halfSpread: number;
  readonly levels: number;
  /** Average size at the best level, base units. */
  readonly depth: number;
  /** Standard normal: above 0 more lies on the bid. */
  readonly imbalance: number;
}

/** How strongly the pressure shows in the sizes, before the limits -1 and 1. */
const IMBALANCE_SLOPE = 0.5;
/** Each level is that much larger than the one before: books are thinnest in the middle. */
const GROWTH_PER_LEVEL = 0.15;
/** Deviation of the logarithm of each level's size. */
const SIZE_DEVIATION = 0.3;

/** A book around the middle price, levels one spread apart. */
export function makeBook(shape: BookShape, rng: Rng): BookSnapshot {
  const { timeMs, midLog, halfSpread, levels, depth } = shape;
  const tilt = Math.tanh(IMBALANCE_SLOPE * shape.imbalance);
  const bidPrice = new Float64Array(levels);
  const bidSize = new Float64Array(levels);
  const askPrice = new Float64Array(levels);
  const askSize = new Float64Array(levels);
  for (let level = 0; level < levels; level++) {
    const distance = halfSpread * (1 + 2 * level);
    const size = depth * (1 + GROWTH_PER_LEVEL * level);
    bidPrice[level] = Math.exp(midLog - distance);
    askPrice[level] = Math.exp(midLog + distance);
    bidSize[level] = size * (1 + tilt) * noise(rng);
    askSize[level] = size * (1 - tilt) * noise(rng);
  }
  return { timeMs, bidPrice, bidSize, askPrice, askSize };
}

function noise(rng: Rng): number {
  return Math.exp(SIZE_DEVIATION * rng.normal() - SIZE_DEVIATION ** 2 / 2);
}
