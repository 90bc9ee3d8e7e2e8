import { expect } from 'chai';
import { DEFAULT_LIMITS, decodeBody, scanJson } from '#conclave/service-framework/index.js';
import { refusalOf } from '../../support/thrown.js';

const refused = (text: string, limits = DEFAULT_LIMITS): string =>
  refusalOf(() => scanJson(text, limits)).message;
const decoded = (text: string): unknown => decodeBody('json', Buffer.from(text));

describe('scanJson', () => {
  it('lets ordinary documents pass', () => {
    for (const text of ['1', '"a\\"b"', 'null', '[]', '{}', ' {"a": [1, -2.5e3, true, {"b": "}{]["}]} '])
      expect(() => scanJson(text), text).not.to.throw();
  });

  it('accepts depth 32 and refuses 33', () => {
    expect(() => scanJson(`${'['.repeat(32)}${']'.repeat(32)}`)).not.to.throw();
    expect(refused(`${'['.repeat(33)}${']'.repeat(33)}`)).to.include('nested deeper than 32');
    expect(refused(`${'{"a":'.repeat(33)}1${'}'.repeat(33)}`)).to.include('nested deeper than 32');
  });

  it('refuses forbidden keys, also when an escape spells them', () => {
    expect(refused('{"a":{"__proto__":1}}')).to.include('forbidden key');
    expect(refused('{"\\u005f_proto__":1}')).to.include('forbidden key');
    expect(refused('[{"constructor":1}]')).to.include('forbidden key');
    expect(() => scanJson('{"a":"__proto__","b":["constructor"]}')).not.to.throw();
  });

  it('refuses repeated keys, also when an escape spells one of them', () => {
    expect(refused('{"a":1,"a":2}')).to.include('repeated key');
    expect(refused('{"a":1,"\\u0061":2}')).to.include('repeated key');
    expect(() => scanJson('[{"a":1},{"a":{"a":1}}]')).not.to.throw();
  });

  it('refuses numbers that overflow to infinity', () => {
    expect(refused('{"close":[1,1e400]}')).to.include('finite');
    expect(refused(`[-${'9'.repeat(400)}]`)).to.include('finite');
    expect(() => scanJson('[1e308, -1.7976931348623157e308, 5e-324]')).not.to.throw();
  });

  it('refuses unbalanced brackets and open strings', () => {
    for (const text of ['[', '{"a":1', '[}', '{]', ']', '"abc', '"abc\\"', '[1]]']) refused(text);
  });

  it('refuses long strings, invalid UTF-8, and more structure than it could hold', () => {
    expect(refused('"abcd"', { ...DEFAULT_LIMITS, stringBytes: 3 })).to.include('longer than 3');
    expect(refusalOf(() => scanJson(Uint8Array.of(0x22, 0xc3, 0x28, 0x22))).message).to.include('UTF-8');
    expect(refused('[{},{},{}]', { ...DEFAULT_LIMITS, structures: 3 })).to.include('more than 3');
    expect(refused('[1,2,3]', { ...DEFAULT_LIMITS, messageBytes: 6 })).to.include('at most 6');
  });

  it('leaves the grammar to JSON.parse, whose errors come back typed', () => {
    for (const text of ['', '[1,]', '{"a" 1}', '01', 'nul', '[1 2]', '1e5e400', "{'a':1}", '"\u0001"'])
      refusalOf(() => decoded(text));
  });

  it('names the path of a number that is not finite', () => {
    expect(refusalOf(() => decoded('{"candles":{"close":[1,2,3,1e999]}}')).field).to.equal(
      'candles.close[3]',
    );
    expect(decodeBody('json', Buffer.from('[1e999]'), { allowNonFinite: true })).to.deep.equal([
      Number.POSITIVE_INFINITY,
    ]);
  });
});
