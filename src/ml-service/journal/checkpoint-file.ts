import { createHash } from 'node:crypto';
import { ServiceError } from '../../runtime/index.js';

/** A state that replay may start from instead of the first record. */
export interface Checkpoint {
  /** The last record folded into the state; 0 = none. */
  readonly seq: number;
  /** The state's own hash, as its owner computes it. */
  readonly stateHash: string;
  readonly state: Uint8Array;
}

/** A checkpoint as stored: tied to the record it stands on, hence to one journal. */
export interface StoredCheckpoint extends Checkpoint {
  /** Hash of record `seq`, hex. */
  readonly recordHash: string;
}

const MAGIC = Buffer.from('CNCLCKP1', 'latin1');
const FIXED_BYTES = 8 + 8 + 32 + 4 + 8;
const HASH_BYTES = 32;

/**
 * `CNCLCKP1` ‖ seq (uint64) ‖ record hash (32) ‖ length of the state hash (uint32) ‖ length of the
 * state (uint64) ‖ state hash (UTF-8) ‖ state ‖ SHA-256 of all before; integers little-endian.
 */
export function encodeCheckpoint(checkpoint: StoredCheckpoint): Buffer {
  const stateHash = Buffer.from(checkpoint.stateHash, 'utf8');
  const head = Buffer.alloc(FIXED_BYTES);
  MAGIC.copy(head);
  head.writeBigUInt64LE(BigInt(checkpoint.seq), 8);
  head.write(checkpoint.recordHash, 16, 32, 'hex');
  head.writeUInt32LE(stateHash.length, 48);
  head.writeBigUInt64LE(BigInt(checkpoint.state.length), 52);
  const content = Buffer.concat([head, stateHash, checkpoint.state]);
  return Buffer.concat([content, createHash('sha256').update(content).digest()]);
}

/** @throws ServiceError DATA_LOSS naming the file and what is wrong */
export function decodeCheckpoint(bytes: Buffer, file: string): StoredCheckpoint {
  const damaged = (what: string): ServiceError => new ServiceError('DATA_LOSS', `${file}: ${what}`);
  if (bytes.length < FIXED_BYTES + HASH_BYTES) throw damaged(`cut to ${bytes.length} bytes`);
  if (!bytes.subarray(0, 8).equals(MAGIC)) throw damaged('not a checkpoint of this format');
  const content = bytes.subarray(0, bytes.length - HASH_BYTES);
  if (!createHash('sha256').update(content).digest().equals(bytes.subarray(content.length)))
    throw damaged('its checksum does not hold');
  const hashBytes = bytes.readUInt32LE(48);
  const stateBytes = Number(bytes.readBigUInt64LE(52));
  if (FIXED_BYTES + hashBytes + stateBytes !== content.length) throw damaged('its lengths do not add up');
  const stateFrom = FIXED_BYTES + hashBytes;
  return {
    seq: Number(bytes.readBigUInt64LE(8)),
    recordHash: bytes.toString('hex', 16, 48),
    stateHash: bytes.toString('utf8', FIXED_BYTES, stateFrom),
    state: new Uint8Array(bytes.subarray(stateFrom, stateFrom + stateBytes)),
  };
}
