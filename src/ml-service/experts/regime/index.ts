import type { MarketQuestion } from '../../dto/index.js';
import { ExpertHandler } from '../expert-handler.js';
import { type Abstained, type Opinion, probabilitiesOfLean, squash } from '../opinion.js';
import { forecastOf } from './forecast.js';

/** Below it three means and variances are guesses. */
const MIN_RETURNS = 60;
/** Bars the model is fitted on: older ones belong to another market. */
const WINDOW_BARS = 512;
/** Expected move in standard errors at which the lean is one half. */
const HALF_LEAN_T = 2;
const TREND_LEAN = 0.25;
/** Volatility expected of the next bar, as a multiple of the window's, from which on it has a name of its own. */
const VOLATILE_RATIO = 1.4;
const CALM_RATIO = 0.7;

/** Returns of the window in basis points; a quotient, because division is exact on every machine and ln is not. */
function returnsBps(close: Float64Array): Float64Array {
  const first = Math.max(0, close.length - WINDOW_BARS - 1);
  const returns = new Float64Array(Math.max(0, close.length - first - 1));
  for (let i = 0; i < returns.length; i++) {
    const before = close[first + i] as number;
    returns[i] = (((close[first + i + 1] as number) - before) / before) * 1e4;
  }
  return returns;
}

function labelOf(volatilityRatio: number, lean: number): string {
  const trend = lean > TREND_LEAN ? 'bull' : lean < -TREND_LEAN ? 'bear' : 'range';
  if (volatilityRatio > VOLATILE_RATIO) return `volatile_${trend}`;
  if (volatilityRatio < CALM_RATIO) return `calm_${trend}`;
  return trend === 'range' ? 'range' : `${trend}_trend`;
}

/**
 * Which kind of market this is: a hidden Markov model over the returns of the window, states ordered by
 * volatility, filtered (never smoothed) so that a vote does not change when later bars arrive.
 */
export class RegimeExpert extends ExpertHandler {
  readonly expert = 'regime';
  readonly version = '1.0.0';
  override readonly summary = 'Volatility regime and drift from a hidden Markov model of the returns';

  override get command(): string {
    return 'regime.detect';
  }

  vote(question: MarketQuestion): Opinion | Abstained {
    const returns = returnsBps(question.candles.close);
    if (returns.length < MIN_RETURNS) {
      return { abstain: `needs ${MIN_RETURNS + 1} candles to fit, got ${question.candles.close.length}` };
    }
    if (returns.every((value) => value === returns[0])) return { abstain: 'every bar moved alike' };
    const { posterior, meanBps, sigmaBps, volatilityRatio, tStatistic } = forecastOf(returns);
    const [calm = 0, normal = 0, volatile = 0] = posterior;
    const lean = squash(tStatistic / HALF_LEAN_T);
    return {
      probabilities: probabilitiesOfLean(lean),
      confidence: Math.abs(lean) * Math.max(calm, normal, volatile),
      label: labelOf(volatilityRatio, lean),
      evidence: { calm, normal, volatile, meanBps, sigmaBps, volatilityRatio, tStatistic, lean },
    };
  }
}
