// An expert in one file. The committee meets it at the next start, as a newcomer with a cautious prior:
//   node dist/ml-service/main.js --expert build/examples/02-new-expert.js
import {
  type Abstained,
  ExpertHandler,
  type MarketQuestion,
  type Opinion,
  probabilitiesOfLean,
} from 'conclave/ml-service';

const FAST_BARS = 10;
const SLOW_BARS = 40;

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Two moving averages: the oldest idea there is, and the decider soon knows what it is worth. */
export class MovingAverageExpert extends ExpertHandler {
  readonly expert = 'moving_average';
  readonly version = '1.0.0';

  vote({ candles: { close } }: MarketQuestion): Opinion | Abstained {
    if (close.length < SLOW_BARS) return { abstain: `needs ${SLOW_BARS} candles, got ${close.length}` };
    const fast = mean(close.subarray(-FAST_BARS));
    const slow = mean(close.subarray(-SLOW_BARS));
    const lean = Math.max(-1, Math.min(1, (fast / slow - 1) * 100));
    return {
      probabilities: probabilitiesOfLean(lean),
      confidence: Math.abs(lean),
      label: lean > 0 ? 'fast_above_slow' : 'fast_below_slow',
      evidence: { fast, slow, lean },
    };
  }
}
