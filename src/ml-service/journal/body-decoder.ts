import { Decoder, ExtensionCodec } from '@msgpack/msgpack';
import { COLUMN_TYPES } from './body-encoder.js';

/** A column as an aligned array of its own, from little-endian bytes at any offset. */
function column<T>(width: 4 | 8, view: new (bytes: ArrayBuffer) => T): (data: Uint8Array) => T {
  const hostIsLittle = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
  return (data) => {
    const copy = new Uint8Array(data);
    if (!hostIsLittle) {
      const swapped = Buffer.from(copy.buffer);
      if (width === 8) swapped.swap64();
      else swapped.swap32();
    }
    return new view(copy.buffer);
  };
}

function columnCodec(): ExtensionCodec {
  const codec = new ExtensionCodec();
  const encode = (): null => null;
  codec.register({ type: COLUMN_TYPES.float64, encode, decode: column(8, Float64Array) });
  codec.register({ type: COLUMN_TYPES.float32, encode, decode: column(4, Float32Array) });
  codec.register({ type: COLUMN_TYPES.int32, encode, decode: column(4, Int32Array) });
  codec.register({ type: COLUMN_TYPES.int64, encode, decode: column(8, BigInt64Array) });
  return codec;
}

/** Reads back what `BodyEncoder` wrote. Only for bytes whose hash was checked: it has no limits. */
export class BodyDecoder {
  readonly #decoder = new Decoder({ extensionCodec: columnCodec() });

  /** @param bytes not shared with anybody: byte arrays of the result are views of it */
  decode(bytes: Uint8Array): unknown {
    return this.#decoder.decode(bytes);
  }
}
