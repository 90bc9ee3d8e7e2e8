import { expect } from 'chai';
import { Type } from 'class-transformer';
import {
  Allow,
  ArrayMaxSize,
  IsArray,
  IsEnum,
  IsInt,
  IsOptional,
  IsPositive,
  IsString,
  Matches,
  Min,
  ValidateNested,
} from 'class-validator';
import { IsColumn, jsonSchemaOf } from '#conclave/service-framework/index.js';
import { Question } from './validation/market-dto.js';

describe('jsonSchemaOf', () => {
  const schema = jsonSchemaOf(Question);

  it('lists the fields and which of them are required', () => {
    expect(schema.type).to.equal('object');
    expect(schema.required).to.deep.equal(['symbol', 'timeframe', 'candles']);
    expect(Object.keys(schema.properties ?? {})).to.have.members([
      'symbol',
      'timeframe',
      'candles',
      'trades',
      'horizonBars',
      'asOfMs',
      'evidence',
      'feedback',
      'costs',
    ]);
  });

  it('says types, ranges, lengths and lists', () => {
    expect(schema.properties).to.deep.include({
      symbol: { type: 'string', minLength: 1, maxLength: 64 },
      horizonBars: { type: 'integer', minimum: 1, maximum: 1000 },
      feedback: { enum: ['full', 'bandit'] },
      evidence: { type: 'object', additionalProperties: { type: 'number' }, maxProperties: 3 },
    });
  });

  it('refers to nested classes, single or in arrays', () => {
    expect(schema.properties).to.deep.include({
      candles: { $ref: '#/$defs/Candles' },
      costs: { type: 'array', items: { $ref: '#/$defs/Costs' }, maxItems: 2 },
    });
    expect(Object.keys(schema.$defs ?? {})).to.have.members(['Candles', 'Trades', 'Costs']);
  });

  it('shows columns as arrays of numbers that may travel as columns', () => {
    const candles = schema.$defs?.['Candles'];
    expect(candles?.required).to.deep.equal(['timeMs', 'high', 'low', 'close']);
    expect(candles?.properties?.['timeMs']).to.deep.equal({
      type: 'array',
      items: { type: 'number', minimum: 0 },
      minItems: 1,
      maxItems: 1000,
      'x-column': 'float64',
      'x-order': 'strictlyIncreasing',
    });
    expect(candles?.properties?.['close']).to.deep.include({
      'x-column': 'float64',
      'x-same-length-as': 'timeMs',
    });
    expect(schema.$defs?.['Trades']?.properties?.['side']?.items).to.deep.equal({
      type: 'number',
      enum: [1, -1],
    });
  });

  it('describes arrays by their elements, enums by their values, patterns by their source', () => {
    enum Side {
      Buy = 'buy',
      Sell = 'sell',
    }
    class Misc {
      @IsArray() @ArrayMaxSize(3) @IsString({ each: true }) @Matches(/^x/, { each: true }) names!: string[];
      @IsEnum(Side) side!: Side;
      @IsInt() @IsPositive() count!: number;
      @Allow() anything?: unknown;
    }
    expect(jsonSchemaOf(Misc)).to.deep.equal({
      type: 'object',
      properties: {
        names: { type: 'array', maxItems: 3, items: { type: 'string', pattern: '^x' } },
        side: { enum: ['buy', 'sell'] },
        count: { type: 'integer', exclusiveMinimum: 0 },
        anything: {},
      },
      required: ['names', 'side', 'count'],
    });
  });

  it('keeps classes of one name apart and ends on classes that hold themselves', () => {
    const other = (): (new () => object) => {
      class Node {
        @IsInt() @Min(0) depth!: number;
      }
      return Node;
    };
    const Inner = other();
    class Node {
      @IsOptional() @ValidateNested() @Type(() => Node) next?: object;
      @IsOptional() @ValidateNested() @Type(() => Inner) inner?: object;
      @IsColumn() series!: Float64Array;
    }
    const { $defs, properties } = jsonSchemaOf(Node);
    expect(properties).to.deep.include({ next: { $ref: '#/$defs/Node' }, inner: { $ref: '#/$defs/Node2' } });
    expect(Object.keys($defs ?? {})).to.deep.equal(['Node', 'Node2']);
  });

  it('is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(schema))).to.deep.equal(schema);
  });
});
