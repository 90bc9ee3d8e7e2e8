import { expect } from 'chai';
import fc from 'fast-check';
import { type Ballot, tallyOf } from '#conclave/ml-service/committee/index.js';
import { topAction } from '#conclave/ml-service/index.js';
import { type Lean, questionOf, voteOf } from '../../support/market.js';

const question = questionOf({ bars: 3 });

function ballots(...actions: Lean[]): Ballot[] {
  return actions.map((action, i) => ({ expert: `expert_${i}`, vote: voteOf(`expert_${i}`, action) }));
}

describe('a tally', () => {
  it('counts the votes and names the plurality', () => {
    const tally = tallyOf(question, ballots('buy', 'buy', 'sell'));
    expect(tally.counts).to.deep.equal({ buy: 2, hold: 0, sell: 1 });
    expect(tally.plurality).to.equal('buy');
    expect(tally.agreement).to.be.closeTo(2 / 3, 1e-12);
  });

  it('calls a tie for first place a hold', () => {
    expect(tallyOf(question, ballots('buy', 'sell')).plurality).to.equal('hold');
    expect(tallyOf(question, ballots('buy', 'hold')).plurality).to.equal('hold');
    expect(tallyOf(question, []).plurality).to.equal('hold');
    expect(topAction({ buy: 1 / 3, hold: 1 / 3, sell: 1 / 3 })).to.equal('hold');
  });

  it('lists absences and abstentions with their reasons and counts neither', () => {
    const abstained = voteOf('quiet', 'buy', { abstain: 'too few candles' });
    const tally = tallyOf(question, [
      { expert: 'quiet', vote: abstained },
      { expert: 'gone', absent: 'UNAVAILABLE: no connection' },
    ]);
    expect(tally.votes).to.deep.equal([]);
    expect(tally.agreement).to.equal(0);
    expect(tally.abstentions).to.deep.equal([
      { expert: 'gone', reason: 'UNAVAILABLE: no connection' },
      { expert: 'quiet', reason: 'too few candles' },
    ]);
  });

  it('does not depend on the order in which the votes arrived', () => {
    const some = fc.array(fc.constantFrom<Lean>('buy', 'hold', 'sell'), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(some, (actions) => {
        const cast = ballots(...actions);
        expect(tallyOf(question, [...cast].reverse())).to.deep.equal(tallyOf(question, cast));
      }),
    );
  });

  it('is about the close of the last candle', () => {
    const last = question.candles.timeMs[2] as number;
    expect(tallyOf(question, []).asOfMs).to.equal(last + 60_000);
  });
});
