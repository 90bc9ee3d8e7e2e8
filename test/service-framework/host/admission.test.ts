import { expect } from 'chai';
import { CountingAdmission } from '#conclave/service-framework/host/index.js';

const quiet = { command: 'a.b', inFlight: 0, commandInFlight: 0, commandAbandoned: 0, typicalUs: 0 };

describe('CountingAdmission', () => {
  const admission = new CountingAdmission({
    maxInFlight: 10,
    maxInFlightPerCommand: 5,
    maxAbandonedPerCommand: 2,
  });

  it('admits below its bounds', () => {
    expect(admission.admit({ ...quiet, inFlight: 9, commandInFlight: 4, commandAbandoned: 1 })).to.equal(
      undefined,
    );
  });

  it('sheds at each bound with RESOURCE_EXHAUSTED and a time to wait', () => {
    for (const load of [{ inFlight: 10 }, { commandInFlight: 5 }, { commandAbandoned: 2 }]) {
      const error = admission.admit({ ...quiet, ...load });
      expect(error).to.include({ code: 'RESOURCE_EXHAUSTED' });
      expect(error?.retryAfterMs).to.be.within(10, 1_000);
    }
  });

  it('asks to wait about as long as the backlog takes, within bounds', () => {
    const load = { ...quiet, commandInFlight: 5 };
    expect(admission.admit({ ...load, typicalUs: 40_000 })?.retryAfterMs).to.equal(200);
    expect(admission.admit({ ...load, typicalUs: 10_000_000 })?.retryAfterMs).to.equal(1_000);
  });
});
