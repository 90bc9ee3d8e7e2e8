import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Length, Matches, Max, Min, ValidateNested } from 'class-validator';
import {
  compileValidator,
  decodeBody,
  encodeBody,
  encodeReply,
  encodeRequest,
  IsColumn,
  IsFiniteNumber,
  IsUnixMs,
  readMessage,
  readReplies,
  SameLengthAs,
} from '#conclave/service-framework/index.js';
import { readOptions } from './options.js';

const USAGE = `node build/bench/wire.js [options]: what messages and checks of them cost, without a socket
  --json   for machines`;
const values = readOptions(USAGE, { json: { type: 'boolean', default: false } });

const ROWS = 256;
const LEVELS = { minLength: 1, maxLength: 50 } as const;
const PRICE = { maxLength: 100_000, positive: true } as const;

class Candles {
  @IsColumn({ minLength: 1, maxLength: 100_000, strictlyIncreasing: true, nonNegative: true })
  timeMs!: Float64Array;
  @IsColumn(PRICE) @SameLengthAs('timeMs') open!: Float64Array;
  @IsColumn(PRICE) @SameLengthAs('timeMs') high!: Float64Array;
  @IsColumn(PRICE) @SameLengthAs('timeMs') low!: Float64Array;
  @IsColumn(PRICE) @SameLengthAs('timeMs') close!: Float64Array;
  @IsColumn({ maxLength: 100_000, nonNegative: true }) @SameLengthAs('timeMs') volume!: Float64Array;
}

class Book {
  @IsUnixMs() timeMs!: number;
  @IsColumn({ ...LEVELS, positive: true, strictlyDecreasing: true }) bidPrice!: Float64Array;
  @IsColumn({ ...LEVELS, nonNegative: true }) @SameLengthAs('bidPrice') bidSize!: Float64Array;
  @IsColumn({ ...LEVELS, positive: true, strictlyIncreasing: true }) askPrice!: Float64Array;
  @IsColumn({ ...LEVELS, nonNegative: true }) @SameLengthAs('askPrice') askSize!: Float64Array;
}

class Trades {
  @IsColumn({ nonDecreasing: true, nonNegative: true }) timeMs!: Float64Array;
  @IsColumn({ positive: true }) @SameLengthAs('timeMs') price!: Float64Array;
  @IsColumn({ positive: true }) @SameLengthAs('timeMs') size!: Float64Array;
  @IsColumn({ oneOf: [1, -1] }) @SameLengthAs('timeMs') side!: Float64Array;
}

class Question {
  @IsString() @Length(1, 64) @Matches(/^[A-Z0-9/]+$/) symbol!: string;
  @IsString() @Length(1, 16) timeframe!: string;
  @ValidateNested() @Type(() => Candles) candles!: Candles;
  @IsOptional() @ValidateNested() @Type(() => Book) book?: Book;
  @IsOptional() @ValidateNested() @Type(() => Trades) trades?: Trades;
  @IsOptional() @IsInt() @Min(1) @Max(1_000_000) horizonBars?: number;
}

class Probabilities {
  @IsFiniteNumber({ min: 0, max: 1 }) buy!: number;
  @IsFiniteNumber({ min: 0, max: 1 }) hold!: number;
  @IsFiniteNumber({ min: 0, max: 1 }) sell!: number;
}

class SmallVote {
  @IsString() @Length(1, 64) expert!: string;
  @IsString() @Length(1, 64) symbol!: string;
  @IsUnixMs() asOfMs!: number;
  @ValidateNested() @Type(() => Probabilities) probabilities!: Probabilities;
  @IsFiniteNumber({ min: 0, max: 1 }) confidence!: number;
  @IsString() @Length(1, 64) label!: string;
  @IsInt() @Min(1) validForMs!: number;
}

function column(length: number, at: (index: number) => number): Float64Array {
  return Float64Array.from({ length }, (_, index) => at(index));
}

function question(): Record<string, unknown> {
  const price = (): Float64Array => column(ROWS, (i) => 100 + Math.sin(i));
  const size = (length: number): Float64Array => column(length, (i) => 1 + (i % 7));
  return {
    symbol: 'BTC/USDT',
    timeframe: '5m',
    candles: {
      timeMs: column(ROWS, (i) => 1.7e12 + i * 300_000),
      open: price(),
      high: price(),
      low: price(),
      close: price(),
      volume: size(ROWS),
    },
    book: {
      timeMs: 1.7e12,
      bidPrice: column(50, (i) => 100 - i / 10),
      bidSize: size(50),
      askPrice: column(50, (i) => 101 + i / 10),
      askSize: size(50),
    },
    trades: {
      timeMs: column(ROWS, (i) => 1.7e12 + i),
      price: price(),
      size: size(ROWS),
      side: column(ROWS, (i) => (i % 2 === 0 ? 1 : -1)),
    },
    horizonBars: 1,
  };
}

const vote = {
  expert: 'regime@1',
  symbol: 'BTC/USDT',
  asOfMs: 1.7e12,
  probabilities: { buy: 0.5, hold: 0.3, sell: 0.2 },
  confidence: 0.7,
  label: 'bull_trend',
  validForMs: 60_000,
};

/** Microseconds a call, the median of nine runs after a warm-up. */
function measureUs(run: () => unknown, calls: number): number {
  const runs: number[] = [];
  for (let round = 0; round < 12; round++) {
    const start = performance.now();
    for (let i = 0; i < calls; i++) run();
    if (round >= 3) runs.push(((performance.now() - start) * 1000) / calls);
  }
  return runs.sort((a, b) => a - b)[4] as number;
}

const header = { id: 7, cmd: 'order_flow.predict', ttl: 5000 };
const plainQuestion = question();
const arrays = JSON.parse(Buffer.from(encodeBody('json', plainQuestion)).toString()) as unknown;
const smallFrame = encodeRequest('msgpack', header, vote);
const smallJson = encodeRequest('json', header, vote);
const bulk = encodeBody('msgpack', plainQuestion);
const bulkJson = encodeBody('json', plainQuestion);
const replyFrame = encodeReply('msgpack', { id: 7, us: 120 }, vote);
const bare = encodeRequest('msgpack', header);
const voteValidator = compileValidator(SmallVote);
const questionValidator = compileValidator(Question);

function decoded(frame: Uint8Array): unknown {
  const message = readMessage(frame);
  if ('dropped' in message) throw new Error(message.dropped);
  const [item] = message.items;
  return item?.kind === 'request' ? item.decode() : undefined;
}

const results: Record<string, number> = {
  'request envelope, write (no body)': measureUs(() => encodeRequest('msgpack', header), 100_000),
  'request envelope, read (no body)': measureUs(() => readMessage(bare), 100_000),
  'request with small vote, write': measureUs(() => encodeRequest('msgpack', header, vote), 50_000),
  'request with small vote, read envelope': measureUs(() => readMessage(smallFrame), 100_000),
  'request with small vote, read and decode': measureUs(() => decoded(smallFrame), 50_000),
  'reply with small vote, read and decode': measureUs(
    () => readReplies(replyFrame).replies[0]?.decode(),
    50_000,
  ),
  'JSON request with small vote, write': measureUs(() => encodeRequest('json', header, vote), 50_000),
  'JSON request with small vote, read and decode': measureUs(() => decoded(smallJson), 50_000),
  'validate small vote': measureUs(() => voteValidator.validate(vote), 50_000),
  'encode question (256 candles, book, 256 trades)': measureUs(
    () => encodeBody('msgpack', plainQuestion),
    3000,
  ),
  'decode question': measureUs(() => decodeBody('msgpack', bulk), 3000),
  'decode question, finiteness left to the validator': measureUs(
    () => decodeBody('msgpack', bulk, { allowNonFinite: true }),
    3000,
  ),
  'validate question, columns': measureUs(() => questionValidator.validate(plainQuestion), 3000),
  'validate question, arrays of numbers': measureUs(() => questionValidator.validate(arrays), 3000),
  'decode question from JSON': measureUs(() => decodeBody('json', bulkJson), 500),
};

if (values.json) console.log(JSON.stringify({ unit: 'us', results }));
else
  for (const [name, us] of Object.entries(results)) console.log(`${us.toFixed(2).padStart(9)} µs  ${name}`);
