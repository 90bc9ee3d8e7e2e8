import type { MarketQuestion } from '#conclave/ml-service/index.js';

/** A question as plain data, columns kept: what goes over the wire. */
export function plainQuestion(question: MarketQuestion): Record<string, unknown> {
  return { ...question, candles: { ...question.candles } };
}
