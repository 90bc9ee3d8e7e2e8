import { expect } from 'chai';
import fc from 'fast-check';

import {
  bulkVolumeClassification,
  microprice,
  orderFlowImbalance,
  queueImbalance,
} from '#conclave/fastcalc/index.js';

const column = (...values: number[]): Float64Array => Float64Array.from(values);

/** Quotes with ties, empty queues and now and then a missing size. */
const size = fc.oneof({ weight: 9, arbitrary: fc.nat(8) }, fc.constant(Number.NaN));
const quotes = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), size, fc.nat(3), size), { maxLength: 50 });

describe('order flow', () => {
  it('the queue imbalance is the normalised difference, and 0 for empty queues', () => {
    expect(queueImbalance(column(3, 0, 0), column(1, 2, 0))).to.deep.equal(column(0.5, -1, 0));
  });

  it('the microprice leans to the thinner side, and is the mid for empty queues', () => {
    const [bid, ask] = [column(10, 10, 10), column(12, 12, 12)];
    expect(microprice(bid, column(3, 0, 0), ask, column(1, 0, 9))).to.deep.equal(column(11.5, 11, 10));
  });

  it('an improved bid adds its size, a gone one takes the old size away', () => {
    const flow = orderFlowImbalance(column(10, 11, 10), column(5, 2, 7), column(12, 12, 12), column(4, 4, 1));
    expect(flow).to.deep.equal(column(0, 2, -2 + 3));
  });

  it('bulk volume gives all to the buyers of a steady rise and half of an unmoved bar', () => {
    const volume = column(8, 8, 8, 8);
    expect(
      bulkVolumeClassification(column(1, 2, 3, 4), volume, { volatilityPeriod: 2 }).slice(2),
    ).to.deep.equal(column(8, 8));
    expect(
      bulkVolumeClassification(column(1, 2, 2, 2), volume, { volatilityPeriod: 2 }).slice(2),
    ).to.deep.equal(column(4, 4));
  });

  it('no volume is bought where none was traded', () => {
    const none = new Float64Array(4);
    expect(
      bulkVolumeClassification(column(1, 3, 2, 4), none, { volatilityPeriod: 2 }).slice(2),
    ).to.deep.equal(column(0, 0));
  });

  it('what is made of quotes stays inside them, and a missing size is missing', () => {
    fc.assert(
      fc.property(quotes, (rows) => {
        const bid = Float64Array.from(rows, (r) => r[0]);
        const bidSize = Float64Array.from(rows, (r) => r[1]);
        const ask = Float64Array.from(rows, (r) => r[0] + r[2]);
        const askSize = Float64Array.from(rows, (r) => r[3]);
        const mid = microprice(bid, bidSize, ask, askSize);
        const queue = queueImbalance(bidSize, askSize);
        const flow = orderFlowImbalance(bid, bidSize, ask, askSize);
        rows.forEach((row, at) => {
          const missing = Number.isNaN(row[1] + row[3]);
          expect(Number.isNaN(mid[at])).to.equal(missing);
          expect(Number.isNaN(queue[at])).to.equal(missing);
          const before = rows[at - 1];
          if (before !== undefined) {
            expect(Number.isNaN(flow[at])).to.equal(missing || Number.isNaN(before[1] + before[3]));
          }
          if (missing) return;
          expect(mid[at]).to.be.within(row[0], row[0] + row[2]);
          expect(queue[at]).to.be.within(-1, 1);
        });
        expect(flow[0] ?? 0).to.equal(0);
      }),
    );
  });
});
