import { expect } from 'chai';
import { CastVotes } from '#conclave/ml-service/committee/index.js';
import { voteOf } from '../../support/market.js';

describe('cast votes', () => {
  it('count until asOfMs + validForMs and not a millisecond longer', () => {
    const votes = new CastVotes();
    votes.cast(voteOf('caster', 'buy', { asOfMs: 1_000, validForMs: 500 }));
    expect(votes.valid('ETH/USD', 1_500)).to.have.length(1);
    expect(votes.valid('ETH/USD', 1_501)).to.have.length(0);
  });

  it('are replaced by a newer vote of the same expert and not by an older one', () => {
    const votes = new CastVotes();
    votes.cast(voteOf('caster', 'buy', { asOfMs: 1_000 }));
    votes.cast(voteOf('caster', 'sell', { asOfMs: 2_000 }));
    votes.cast(voteOf('caster', 'hold', { asOfMs: 1_500 }));
    expect(votes.valid('ETH/USD', 2_000).map(({ label }) => label)).to.deep.equal(['sell']);
  });

  it('count for their own symbol only', () => {
    const votes = new CastVotes();
    votes.cast(voteOf('caster', 'buy', { symbol: 'BTC/USD', asOfMs: 1_000 }));
    expect(votes.valid('ETH/USD', 1_000)).to.deep.equal([]);
  });
});
