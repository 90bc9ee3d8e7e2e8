import { expect } from 'chai';
import { AnomalyAlert, guard, type Severity } from '#conclave/ml-service/index.js';

function alert(severity: Severity): AnomalyAlert {
  return Object.assign(new AnomalyAlert(), {
    symbol: 'X',
    asOfMs: 1,
    kind: 'flash_move',
    severity,
    channel: 'return',
    score: 20,
    message: 'too far too fast',
  });
}

describe('the hard rule on alerts', () => {
  it('lets the decider have its way when nothing is out of the ordinary', () => {
    expect(guard('buy', 1, [])).to.deep.equal({ action: 'buy', size: 1 });
    expect(guard('buy', 1, [alert('info')])).to.deep.equal({ action: 'buy', size: 1 });
    expect(guard('hold', 0, [])).to.deep.equal({ action: 'hold', size: 0 });
  });

  it('holds on a critical alert and says what the decider wanted', () => {
    const { action, size, override } = guard('sell', 1, [alert('warning'), alert('critical')]);
    expect({ action, size }).to.deep.equal({ action: 'hold', size: 0 });
    expect(override?.rule).to.equal('critical_anomaly');
    expect(override?.action).to.equal('sell');
    expect(override?.reason).to.contain('too far too fast');
  });

  it('records the override also when the decider would have held anyway', () => {
    expect(guard('hold', 0, [alert('critical')]).override?.action).to.equal('hold');
  });

  it('leaves a smaller size as it is', () => {
    expect(guard('buy', 0.7, []).size).to.equal(0.7);
    expect(guard('buy', 0.7, [alert('warning')]).size).to.equal(0.5);
    expect(guard('buy', 0.3, [alert('warning')]).size).to.equal(0.3);
  });

  it('halves the size on a warning', () => {
    const { action, size, override } = guard('buy', 1, [alert('warning')]);
    expect({ action, size }).to.deep.equal({ action: 'buy', size: 0.5 });
    expect(override?.rule).to.equal('warning_size_cap');
  });
});
