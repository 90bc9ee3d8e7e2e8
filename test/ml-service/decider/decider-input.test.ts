import { expect } from 'chai';
import type { AnomalyAlert, Vote } from '#conclave/ml-service/index.js';
import { deciderContext } from '#conclave/ml-service/index.js';

describe('what the decider is told of the circumstances', () => {
  const vote = (expert: string, label: string): Vote => ({ expert, label }) as Vote;
  const alert = (severity: AnomalyAlert['severity']): AnomalyAlert => ({ severity }) as AnomalyAlert;

  it('is the regime and the worst alert of the tally', () => {
    const votes = [vote('order-flow', 'sell_pressure'), vote('regime', 'bull_trend')];
    const alerts = [alert('info'), alert('warning'), alert('info')];
    expect(deciderContext({ votes, alerts })).to.deep.equal({ regime: 'bull_trend', anomaly: 'warning' });
  });

  it('is no alert, and no regime where the expert did not vote', () => {
    expect(deciderContext({ votes: [vote('order-flow', 'calm')], alerts: [] })).to.deep.equal({
      anomaly: 'none',
    });
  });

  it('leaves out a label that the kernel would refuse', () => {
    for (const label of ['', 'a\nb', '\uD800', 'x'.repeat(65)]) {
      expect(deciderContext({ votes: [vote('regime', label)], alerts: [] })).to.deep.equal({
        anomaly: 'none',
      });
    }
  });
});
