import { expect } from 'chai';
import fc from 'fast-check';
import { Subscriptions } from '#conclave/service-framework/host/subscriptions.js';

describe('Subscriptions', () => {
  const topic = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 6 });

  it('match what begins with one of them, and nothing else', () => {
    fc.assert(
      fc.property(
        fc.array(topic, { maxLength: 10 }),
        fc.array(topic, { maxLength: 5 }),
        topic,
        (added, gone, asked) => {
          const subscriptions = new Subscriptions();
          for (const prefix of added) subscriptions.add(prefix);
          for (const prefix of gone) subscriptions.delete(prefix);
          const left = new Set(added.filter((prefix) => !gone.includes(prefix)));
          expect(subscriptions.size).to.equal(left.size);
          expect(subscriptions.match(asked)).to.equal([...left].some((prefix) => asked.startsWith(prefix)));
        },
      ),
    );
  });

  it('are asked in the same time however many there are', () => {
    const subscriptions = new Subscriptions();
    for (let i = 0; i < 200_000; i++) subscriptions.add(`topic.${i}.`);
    const startMs = performance.now();
    for (let i = 0; i < 10_000; i++) subscriptions.match('news.today');
    expect(performance.now() - startMs).to.be.lessThan(2_000);
  });
});
