import { expect } from 'chai';
import { Expose, Transform, Type } from 'class-transformer';
import {
  IsArray,
  IsNumber,
  IsOptional,
  IsString,
  ValidateIf,
  ValidateNested,
  ValidatePromise,
} from 'class-validator';
import { compileValidator, type DtoClass, IsColumn } from '#conclave/service-framework/index.js';
import { refusalOf, thrownBy } from '../../../support/thrown.js';
import { Candles, Costs, candles, Question, question, Trades } from './market-dto.js';

const validator = compileValidator(Question);

function refusedField(changes: Readonly<Record<string, unknown>>): string | undefined {
  return refusalOf(() => validator.validate(question(changes))).field;
}

describe('compileValidator', () => {
  it('makes instances of the class and of the classes inside it, and leaves the payload alone', () => {
    const plain = question({ trades: { timeMs: [1, 1], side: [1, -1] }, costs: [{ feeBps: 1 }], unknown: 1 });
    const before = structuredClone(plain);
    const made = validator.validate(plain);
    expect(made).to.be.instanceOf(Question);
    expect(made.candles).to.be.instanceOf(Candles);
    expect(made.trades).to.be.instanceOf(Trades);
    expect(made.costs?.[0]).to.be.instanceOf(Costs);
    expect(made).not.to.have.property('unknown');
    expect(plain).to.deep.equal(before);
  });

  it('keeps a Float64Array as it is and makes one of everything else', () => {
    const close = Float64Array.of(10, 11, 12);
    const made = validator.validate(
      question({ candles: candles({ close, low: [9, 10, 11], high: Int32Array.of(11, 12, 13) }) }),
    );
    expect(made.candles.close).to.equal(close);
    expect(made.candles.low).to.deep.equal(Float64Array.of(9, 10, 11));
    expect(made.candles.high).to.deep.equal(Float64Array.of(11, 12, 13));
  });

  it('leaves defaults of the class where a field is absent', () => {
    expect(validator.validate(question({ horizonBars: undefined })).session).to.equal('default');
  });

  it('refuses a body that is no map, by name', () => {
    for (const body of [null, undefined, 'text', 5, true, [], [question()], Float64Array.of(1)])
      expect(refusalOf(() => validator.validate(body)).field).to.equal('body');
  });

  it('names the field, what it is, and what it may be', () => {
    const error = refusalOf(() => validator.validate(question({ horizonBars: 0 })));
    expect(error.field).to.equal('horizonBars');
    expect(error.message).to.equal('horizonBars: 0; must be a number of at least 1');
    expect(refusalOf(() => validator.validate(question({ symbol: undefined }))).message).to.equal(
      'symbol: missing; must be a string',
    );
    expect(refusalOf(() => validator.validate(question({ feedback: 'some' }))).message).to.include(
      'one of "full", "bandit"',
    );
  });

  it('names elements of columns and fields of nested objects by their path', () => {
    expect(refusedField({ candles: candles({ close: Float64Array.of(1, 2, Number.NaN) }) })).to.equal(
      'candles.close[2]',
    );
    expect(refusedField({ candles: candles({ close: [1, null, 3] }) })).to.equal('candles.close[1]');
    expect(refusedField({ candles: candles({ close: Float64Array.of(1, 2) }) })).to.equal('candles.close');
    expect(refusedField({ candles: candles({ timeMs: Float64Array.of(1, 3, 2) }) })).to.equal(
      'candles.timeMs[2]',
    );
    expect(refusedField({ candles: candles({ high: [11, 1, 13] }) })).to.equal('candles.high[1]');
    expect(refusedField({ costs: [{ feeBps: 1 }, { feeBps: -1 }] })).to.equal('costs[1].feeBps');
    expect(refusedField({ evidence: { a: 1, b: '2' } })).to.equal('evidence.b');
    expect(refusalOf(() => validator.validate(question({ symbol: 1 }), 'batch[3]')).field).to.equal(
      'batch[3].symbol',
    );
  });

  it('refuses every field when missing, null or of a wrong type', () => {
    for (const field of ['symbol', 'timeframe', 'candles'])
      for (const value of [undefined, null, 1, true, [], {}])
        expect(refusedField({ [field]: value }), `${field} ${String(value)}`).to.match(
          new RegExp(`^${field}`),
        );
    for (const field of ['timeMs', 'high', 'low', 'close'])
      for (const value of [undefined, null, 1, 'x', {}, ['1', '2', '3'], [1e308, 1e308, 1e308], [-1, -2, -3]])
        expect(refusedField({ candles: candles({ [field]: value }) }), field).to.match(/^candles\./);
  });

  it('refuses null where a field may only be left out', () => {
    for (const field of ['trades', 'horizonBars', 'asOfMs', 'evidence', 'feedback', 'costs'])
      expect(refusedField({ [field]: null })).to.equal(field);
  });

  it('takes an array exactly where one is declared', () => {
    expect(refusedField({ candles: [candles()] })).to.equal('candles');
    expect(refusedField({ costs: { feeBps: 1 } })).to.equal('costs');
    expect(refusedField({ costs: [{ feeBps: 1 }, { feeBps: 1 }, { feeBps: 1 }] })).to.equal('costs');
    for (const item of [null, 1, 'x', []]) expect(refusedField({ costs: [item] })).to.match(/^costs/);
  });

  it('refuses millions of rows or items without walking them', () => {
    const rows = 5_000_000;
    const trap = new Proxy([], {
      get: (target, key) => (key === 'length' ? rows : Reflect.get(target, key)),
    });
    expect(refusedField({ candles: candles({ close: new Float64Array(rows) }) })).to.equal('candles.close');
    expect(refusedField({ candles: candles({ close: trap }) })).to.equal('candles.close');
    expect(refusedField({ costs: trap })).to.equal('costs');
  });

  it('asks the whole object last, when its fields are known to be good', () => {
    expect(refusedField({ symbol: '5m' })).to.equal('body');
    expect(refusalOf(() => validator.validate(question({ symbol: '5m' }))).message).to.equal(
      'body: timeframe repeats symbol',
    );
    expect(refusedField({ symbol: '5m', horizonBars: 'x' })).to.equal('horizonBars');
  });

  it('refuses NaN and infinities in fields that no check of ours looks into', () => {
    class Loose {
      @IsOptional() any?: unknown;
      @IsNumber({ allowNaN: true, allowInfinity: true }) asked!: number;
    }
    const loose = compileValidator(Loose);
    for (const any of [Number.NaN, { a: [1, Number.POSITIVE_INFINITY] }, [Float64Array.of(Number.NaN)]])
      expect(refusalOf(() => loose.validate({ any, asked: 1 })).field).to.match(/^any/);
    expect(loose.validate({ any: { a: [1] }, asked: Number.NaN }).asked).to.deep.equal(Number.NaN);
  });

  it('compiles classes that hold themselves, and ends on values that do', () => {
    class Tree {
      @IsString() name!: string;
      @IsOptional() @IsArray() @ValidateNested() @Type(() => Tree) children?: Tree[];
    }
    const trees = compileValidator(Tree);
    const made = trees.validate({ name: 'a', children: [{ name: 'b', children: [{ name: 'c' }] }] });
    expect(made.children?.[0]?.children?.[0]).to.be.instanceOf(Tree);
    expect(
      refusalOf(() => trees.validate({ name: 'a', children: [{ name: 'b', children: [{ name: 1 }] }] }))
        .field,
    ).to.equal('children[0].children[0].name');
    const endless: Record<string, unknown> = { name: 'a' };
    endless['children'] = [endless];
    expect(refusalOf(() => trees.validate(endless)).message).to.include('nested at most 32');
  });

  it('asks conditions with the finished object', () => {
    class Order {
      @IsString() kind!: string;
      @ValidateIf((order: Order) => order.kind === 'limit') @IsNumber() price?: number;
    }
    const orders = compileValidator(Order);
    expect(orders.validate({ kind: 'market', price: 'ignored' })).to.have.property('price', 'ignored');
    expect(refusalOf(() => orders.validate({ kind: 'limit' })).field).to.equal('price');
  });

  it('checks what a base class declares', () => {
    class Base {
      @IsString() symbol!: string;
    }
    class Derived extends Base {
      @IsNumber() size!: number;
    }
    const derived = compileValidator(Derived);
    expect(derived.validate({ symbol: 'X', size: 1 })).to.be.instanceOf(Derived);
    expect(refusalOf(() => derived.validate({ size: 1 })).field).to.equal('symbol');
  });

  it('leaves classes that transform to class-transformer and class-validator, strictness included', () => {
    class Point {
      @IsNumber() x!: number;
    }
    class Transformed {
      @Transform(({ value }) => (typeof value === 'string' ? value.trim() : value)) @IsString() name!: string;
      @Expose({ name: 'n' }) @IsOptional() @IsNumber() count?: number;
      @Type(() => Date) @IsOptional() at?: Date;
      @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => Point) points?: Point[];
    }
    const transformed = compileValidator(Transformed);
    expect(transformed.validate({ name: ' a ', n: 2, extra: 1 }))
      .to.deep.include({ name: 'a', count: 2 })
      .and.not.have.property('extra');
    expect(transformed.validate({ name: 'a', at: '2024-01-01' }).at).to.be.instanceOf(Date);
    expect(refusalOf(() => transformed.validate({ name: 1 })).field).to.equal('name');
    expect(
      refusalOf(() => transformed.validate({ name: 'a', points: [{ x: 1 }, { x: 'y' }] }, 'p')).field,
    ).to.equal('p.points[1].x');
    expect(refusalOf(() => transformed.validate({ name: 'a', n: null })).field).to.equal('count');
  });

  it('refuses to compile a class that could not check what it says', () => {
    class Empty {}
    class Untyped {
      @ValidateNested() inner!: object;
    }
    class Unchecked {
      @Type(() => Costs) @IsOptional() costs?: Costs;
    }
    class Emptied {
      @Transform(({ value }) => value) @IsString() name!: string;
      @IsColumn() close!: Float64Array;
    }
    class Doubled {
      @IsColumn() @IsArray() close!: Float64Array;
    }
    const unusable: [DtoClass, string][] = [
      [Empty, 'no decorated field'],
      [Untyped, '@Type'],
      [Unchecked, '@ValidateNested'],
      [Emptied, 'empties columns'],
      [Doubled, '@IsColumn'],
    ];
    for (const [dtoClass, why] of unusable) {
      const error = thrownBy(() => compileValidator(dtoClass));
      expect(error.code).to.equal('FAILED_PRECONDITION');
      expect(error.message).to.include(dtoClass.name).and.include(why);
    }
  });

  it('runs @ValidatePromise classes the stock way', () => {
    class Later {
      @IsString() name!: string;
      @ValidatePromise() @IsOptional() value?: unknown;
    }
    expect(compileValidator(Later).validate({ name: 'a' })).to.be.instanceOf(Later);
  });
});
