import { expect } from 'chai';
import { Length, Matches, ValidateBy } from 'class-validator';
import { compileValidator } from '#conclave/service-framework/index.js';
import { refusalOf } from '../../../support/thrown.js';

describe('quick constraints', () => {
  function Named(
    name: string,
    constraints: unknown[],
    allows: (value: unknown) => boolean,
  ): PropertyDecorator {
    return ValidateBy({ name, constraints, validator: { validate: (value) => allows(value) } });
  }

  it('are not used for another one of the same name', () => {
    class Payload {
      @Named('isString', [], (value) => value !== 'b') text!: string;
      @Named('isLength', [1, 5], (value) => value === 'abcdef') name!: string;
    }
    const validator = compileValidator(Payload);
    expect(validator.validate({ text: 'a', name: 'abcdef' })).to.deep.equal({ text: 'a', name: 'abcdef' });
    expect(refusalOf(() => validator.validate({ text: 'b', name: 'abcdef' })).field).to.equal('text');
    expect(refusalOf(() => validator.validate({ text: 'a', name: 'abc' })).field).to.equal('name');
  });

  it('count characters as class-validator does, also where a text comes twice', () => {
    class Payload {
      @Length(1, 3) name!: string;
    }
    const validator = compileValidator(Payload);
    for (const name of ['abc', 'abc', '👍👍👍', '👍👍👍', 'ab', '❤️❤️❤️'])
      expect(validator.validate({ name }).name, name).to.equal(name);
    for (const name of ['', 'abcd', '👍👍👍👍', 'abcd'])
      expect(refusalOf(() => validator.validate({ name })).field, name).to.equal('name');
  });

  it('match a pattern anew for every text, though they remember the last one', () => {
    class Payload {
      @Matches(/^[A-Z]+$/) symbol!: string;
      @Matches(/[a-z]/g) word!: string;
    }
    const validator = compileValidator(Payload);
    for (const symbol of ['BTC', 'BTC', 'ETH', 'BTC'])
      for (const word of ['a', 'a', 'ba'])
        expect(validator.validate({ symbol, word })).to.deep.equal({ symbol, word });
    for (const symbol of ['btc', 'BTC1', '', 'btc'])
      expect(refusalOf(() => validator.validate({ symbol, word: 'a' })).field).to.equal('symbol');
  });
});
