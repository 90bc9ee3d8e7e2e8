import { expect } from 'chai';
import { ERROR_CODES, type ErrorCode, SeededRng, ServiceError } from '#conclave/runtime/index.js';
import { mayRepeat, RetryPolicy } from '#conclave/service-framework/client/index.js';
import { ConnectionLoss } from '#conclave/service-framework/transport/index.js';

const failed = (code: ErrorCode, cause?: unknown): ServiceError => new ServiceError(code, 'x', { cause });
const unsent = failed('UNAVAILABLE', new ConnectionLoss(false));
const lost = failed('UNAVAILABLE', new ConnectionLoss(true));

describe('retries', () => {
  it('without a key: only what was shed or never left', () => {
    const repeated = ERROR_CODES.filter((code) =>
      mayRepeat({ number: 1, error: failed(code), keyed: false }),
    );
    expect(repeated).to.deep.equal(['RESOURCE_EXHAUSTED']);
    expect(mayRepeat({ number: 1, error: unsent, keyed: false })).to.equal(true);
    expect(mayRepeat({ number: 1, error: lost, keyed: false })).to.equal(false);
  });

  it('with a key: every retryable code, INTERNAL once', () => {
    const repeated = ERROR_CODES.filter((code) => mayRepeat({ number: 1, error: failed(code), keyed: true }));
    expect(repeated).to.have.members(['RESOURCE_EXHAUSTED', 'DEADLINE_EXCEEDED', 'UNAVAILABLE', 'INTERNAL']);
    expect(mayRepeat({ number: 1, error: lost, keyed: true })).to.equal(true);
    expect(mayRepeat({ number: 2, error: failed('INTERNAL'), keyed: true })).to.equal(false);
  });

  it('believe no host that says a request never left', () => {
    const claimed = new ServiceError('UNAVAILABLE', 'x', { details: { sent: false } });
    expect(mayRepeat({ number: 1, error: claimed, keyed: false })).to.equal(false);
  });

  it('wait longer each time, with jitter, at most the maximum, at least what the host asks', () => {
    const policy = new RetryPolicy(new SeededRng(1), {
      maxAttempts: 1_000,
      budgetBurst: 1_000,
      maxDelayMs: 400,
    });
    const delays = (number: number, error = unsent): number[] =>
      Array.from({ length: 50 }, () => policy.delayMs({ number, error, keyed: false }) ?? Number.NaN);
    expect(Math.max(...delays(1))).to.be.within(25, 50);
    expect(Math.max(...delays(2))).to.be.within(50, 100);
    expect(Math.max(...delays(20))).to.be.within(200, 400);
    expect(new Set(delays(1)).size).to.be.greaterThan(40);
    const asked = new ServiceError('RESOURCE_EXHAUSTED', 'x', { retryAfterMs: 70 });
    expect(Math.min(...delays(1, asked))).to.be.at.least(70);
  });

  it('stop after the last try', () => {
    const policy = new RetryPolicy(new SeededRng(1), { maxAttempts: 2 });
    expect(policy.delayMs({ number: 1, error: unsent, keyed: false })).to.be.a('number');
    expect(policy.delayMs({ number: 2, error: unsent, keyed: false })).to.equal(undefined);
  });

  it('stay within a tenth of the requests once the burst is spent', () => {
    const policy = new RetryPolicy(new SeededRng(1));
    let retries = 0;
    for (let i = 0; i < 1_000; i++) {
      policy.deposit();
      if (policy.delayMs({ number: 1, error: unsent, keyed: false }) !== undefined) retries++;
    }
    expect(retries).to.be.within(100, 111);
  });
});
