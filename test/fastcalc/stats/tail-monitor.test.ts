import { expect } from 'chai';

import { TailMonitor, watchTail } from '#conclave/fastcalc/index.js';
import { refusalOf, thrownBy } from '../../support/thrown.js';
import { columnOf } from '../golden-json.js';
import { statistics } from './statistics-golden.js';

const losses = columnOf(statistics.tail.values);
const options = { thresholdLevel: 0.9, risk: 1e-3, mostPeaks: 120 };
const CALIBRATION = 600;

describe('a tail monitor', () => {
  it('gives row by row, through snapshots, what watchTail gives for the whole series', () => {
    const values = losses.slice();
    values[900] = 1e6;
    values[901] = Number.NaN;
    const whole = watchTail(values, { ...options, calibrationRows: CALIBRATION });
    let monitor = new TailMonitor(values.subarray(0, CALIBRATION), options);
    for (let row = CALIBRATION; row < values.length; row += 1) {
      if (row % 50 === 0) monitor = TailMonitor.restore(monitor.snapshot());
      const value = values[row] ?? 0;
      expect(monitor.level, `row ${row}`).to.equal(whole.level[row]);
      const alarm = monitor.update(value);
      if (!Number.isNaN(value)) expect(alarm ? 1 : 0, `row ${row}`).to.equal(whole.alarm[row]);
    }
    expect(monitor.tail().share).to.be.within(0, 1);
  });

  it('refuses too few peaks, an infinite value and other bytes, and is then as it was', () => {
    const monitor = new TailMonitor(losses, options);
    const before = monitor.snapshot();
    expect(refusalOf(() => monitor.update(Number.POSITIVE_INFINITY)).field).to.equal('value');
    expect(refusalOf(() => monitor.update('1' as never)).field).to.equal('value');
    expect(monitor.snapshot()).to.deep.equal(before);
    expect(refusalOf(() => new TailMonitor(losses.subarray(0, 20), options)).field).to.equal('calibration');
    expect(refusalOf(() => new TailMonitor(losses, { ...options, mostPeaks: 3 })).field).to.equal(
      'mostPeaks',
    );
    expect(refusalOf(() => TailMonitor.restore([1] as never)).field).to.equal('bytes');
    before[20] = (before[20] ?? 0) ^ 1;
    expect(thrownBy(() => TailMonitor.restore(before)).code).to.equal('DATA_LOSS');
  });
});
