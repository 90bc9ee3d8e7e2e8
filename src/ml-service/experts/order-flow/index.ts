import type { MarketQuestion } from '../../dto/index.js';
import { ExpertHandler } from '../expert-handler.js';
import { type Abstained, type Opinion, probabilitiesOfLean } from '../opinion.js';
import { bookImbalance, candleImbalance, micropriceLean, tradeImbalance } from './flow.js';

/** How far each source is trusted; candles only guess at what a book or a tape shows. */
const TRUST = { book: 0.3, microprice: 0.2, trades: 0.5, candles: 0.25 } as const;
/** Confidence at the strongest lean, with the real flow and with candles alone. */
const CONFIDENCE_FLOW = 0.9;
const CONFIDENCE_CANDLES = 0.4;
const PRESSURE_LEAN = 0.25;

/** Who is pressing: reads the book and the tape where given, bulk-classified candle volume where not. */
export class OrderFlowExpert extends ExpertHandler {
  readonly expert = 'order_flow';
  readonly version = '1.0.0';
  override readonly summary =
    'Buying or selling pressure from order book, trades, or classified candle volume';

  vote(question: MarketQuestion): Opinion | Abstained {
    const { book, trades, candles } = question;
    const evidence: Record<string, number> = {};
    let weighted = 0;
    let weight = 0;
    const add = (name: string, lean: number, trust: number): void => {
      evidence[name] = lean;
      weighted += trust * lean;
      weight += trust;
    };
    if (book) {
      add('bookImbalance', bookImbalance(book), TRUST.book);
      add('micropriceLean', micropriceLean(book), TRUST.microprice);
    }
    if (trades && trades.size.length > 0) add('tradeImbalance', tradeImbalance(trades), TRUST.trades);
    const seesFlow = weight > 0;
    const classified = candleImbalance(candles);
    if (classified !== undefined) add('candleImbalance', classified, TRUST.candles);
    if (weight === 0) return { abstain: 'no book, no trades, and too few candles with volume' };

    const lean = weighted / weight;
    evidence['lean'] = lean;
    return {
      probabilities: probabilitiesOfLean(lean),
      confidence: Math.min(1, Math.abs(lean)) * (seesFlow ? CONFIDENCE_FLOW : CONFIDENCE_CANDLES),
      label: lean > PRESSURE_LEAN ? 'buy_pressure' : lean < -PRESSURE_LEAN ? 'sell_pressure' : 'balanced',
      evidence,
    };
  }
}
