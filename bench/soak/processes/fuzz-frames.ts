import { SeededRng } from '#conclave/runtime/index.js';
import { type CodecName, encodeRequest, joinBatch } from '#conclave/service-framework/index.js';

/** First bytes of MessagePack containers and strings, where decoders blow up. */
const HEADERS = [
  0x80, 0x8f, 0x90, 0x9f, 0xc1, 0xc4, 0xc6, 0xc7, 0xc9, 0xd9, 0xdb, 0xdc, 0xdd, 0xde, 0xdf, 0xff,
];
const TOKENS = [
  '{',
  '}',
  '[',
  ']',
  ':',
  ',',
  '"',
  '\\u0000',
  '1e999',
  '-0',
  'null',
  '{"v":1,',
  '"body":',
  '[[[[',
];

const BODIES: readonly unknown[] = [
  { value: 1 },
  { value: 'text' },
  { ms: 0 },
  { name: 'x'.repeat(200) },
  { value: Float64Array.from({ length: 64 }, (_, i) => i / 3) },
  { value: [[[[{ deep: [1, 2, 3] }]]], { a: null, b: true }] },
  Array.from({ length: 50 }, (_, i) => ({ i })),
  undefined,
];
const COMMANDS = ['soak.echo', 'soak.wait', 'soak.effect', 'service.ping', 'no.such', '__proto__.then'];

/** Messages that are almost right: good requests and batches, damaged in one of many ways. */
export class FuzzFrames {
  readonly #rng: SeededRng;
  readonly #good: readonly Uint8Array[];

  constructor(seed: number) {
    this.#rng = new SeededRng(seed);
    this.#good = (['msgpack', 'json'] as const).flatMap(goodFrames);
  }

  next(): Uint8Array {
    const frame = this.#pick(this.#good);
    switch (this.#rng.integer(9)) {
      case 0:
        return frame;
      case 1:
      case 2:
        return this.#changed(frame, () => this.#rng.integer(256));
      case 3:
        return this.#changed(frame, () => this.#pick(HEADERS));
      case 4:
        return frame.subarray(0, this.#rng.integer(frame.length));
      case 5: {
        const other = this.#pick(this.#good);
        return Buffer.concat([this.#head(frame), other.subarray(this.#rng.integer(other.length))]);
      }
      case 6:
        return Buffer.concat([this.#head(frame), Uint8Array.from({ length: 24 }, () => this.#pick(HEADERS))]);
      case 7:
        return Buffer.concat([
          this.#head(frame),
          Buffer.from(this.#pick(TOKENS).repeat(this.#rng.integer(40))),
        ]);
      default:
        return Uint8Array.from({ length: this.#rng.integer(120) }, () => this.#rng.integer(256));
    }
  }

  #changed(frame: Uint8Array, value: () => number): Uint8Array {
    const copy = Uint8Array.from(frame);
    for (let n = this.#rng.integer(4); n >= 0; n--) copy[this.#rng.integer(copy.length)] = value();
    return copy;
  }

  #head(frame: Uint8Array): Uint8Array {
    return frame.subarray(0, this.#rng.integer(frame.length));
  }

  #pick<T>(all: readonly T[]): T {
    return all[this.#rng.integer(all.length)] as T;
  }
}

function goodFrames(codec: CodecName): Uint8Array[] {
  const requests = COMMANDS.flatMap((cmd, i) =>
    BODIES.map((body, j) =>
      encodeRequest(codec, { id: 1 + i * BODIES.length + j, cmd, ttl: 50, key: `k${j}` }, body),
    ),
  );
  return [...requests, joinBatch(codec, requests.slice(0, 8)), joinBatch(codec, requests.slice(20, 40))];
}
