import { expect } from 'chai';
import fc from 'fast-check';
import {
  describeValue,
  ERROR_CODES,
  invalidArgument,
  isErrorCode,
  ServiceError,
} from '#conclave/runtime/index.js';

describe('ServiceError', () => {
  it('is an Error with code, field, details and cause', () => {
    const cause = new Error('disk');
    const error = new ServiceError('DATA_LOSS', 'record 7', {
      field: 'a.b',
      details: { seq: 7 },
      retryAfterMs: 5,
      cause,
    });
    expect(error).to.be.instanceOf(Error);
    expect(error).to.include({
      name: 'ServiceError',
      code: 'DATA_LOSS',
      message: 'record 7',
      field: 'a.b',
      retryAfterMs: 5,
    });
    expect(error.details).to.deep.equal({ seq: 7 });
    expect(error.cause).to.equal(cause);
    expect(new ServiceError('CANCELLED', 'x')).not.to.have.property('cause');
  });

  it('is retryable for the codes the protocol allows and no others', () => {
    const retryable = ERROR_CODES.filter((code) => new ServiceError(code, '').retryable);
    expect(retryable).to.deep.equal(['RESOURCE_EXHAUSTED', 'DEADLINE_EXCEEDED', 'UNAVAILABLE', 'INTERNAL']);
  });

  it('made from a ServiceError is that error', () => {
    const error = new ServiceError('CONFLICT', 'x');
    expect(ServiceError.from(error)).to.equal(error);
  });

  it('made from anything else keeps its text from the caller and in the cause', () => {
    for (const thrown of [new Error('password=hunter2'), 'password=hunter2', null, undefined]) {
      const error = ServiceError.from(thrown);
      expect(error).to.include({ code: 'INTERNAL', message: 'internal error' });
      if (thrown !== undefined) expect(error.cause).to.equal(thrown);
      expect(ServiceError.from(thrown, 'UNAVAILABLE').code).to.equal('UNAVAILABLE');
    }
  });
});

describe('isErrorCode', () => {
  it('knows the closed list and no name of Object.prototype', () => {
    for (const code of ERROR_CODES) expect(isErrorCode(code)).to.equal(true);
    for (const other of ['', 'ok', 'internal', 'constructor', '__proto__', 7, null, undefined])
      expect(isErrorCode(other)).to.equal(false);
  });
});

describe('invalidArgument', () => {
  it('names the field, what was given, and what is allowed', () => {
    const error = invalidArgument('candles.close[3]', -1, 'above 0');
    expect(error).to.include({
      code: 'INVALID_ARGUMENT',
      field: 'candles.close[3]',
      message: 'candles.close[3]: -1; must be above 0',
    });
  });
});

describe('describeValue', () => {
  it('shows small values and only the kind and size of others', () => {
    const shown: [unknown, string][] = [
      [undefined, 'missing'],
      [null, 'null'],
      ['a"b', '"a\\"b"'],
      [Number.NaN, 'NaN'],
      [true, 'true'],
      [5n, '5n'],
      [[1, 2], 'an array of 2'],
      [new Float64Array(2), 'Float64Array of 16 bytes'],
      [{ password: 'x' }, 'an object'],
      [() => 1, 'a function'],
    ];
    for (const [value, text] of shown) expect(describeValue(value)).to.equal(text);
  });

  it('is short for any value and never throws', () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withTypedArray: true, withNullPrototype: true }),
        (value) => {
          expect(describeValue(value).length).to.be.at.most(600);
        },
      ),
    );
    expect(describeValue('x'.repeat(1e6))).to.have.length(83);
  });
});
