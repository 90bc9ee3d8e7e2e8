/** Sends damaged messages: `fuzz.js FuzzArgument`. Reads each of them itself too, and times that. */
import { Dealer } from 'zeromq';
import { readMessage } from '#conclave/service-framework/index.js';
import { FuzzFrames } from './fuzz-frames.js';

export interface FuzzArgument {
  readonly endpoint: string;
  readonly frames: number;
  readonly seed: number;
}

export interface FuzzReport {
  /** The longest that reading one message took, with all its bodies, ms. */
  readonly slowestMs: number;
}

/** What takes longer is read again: the system may have taken the processor away. */
const SUSPECT_MS = 5;

const { endpoint, frames, seed } = JSON.parse(process.argv[2] ?? '{}') as FuzzArgument;
const source = new FuzzFrames(seed);
const socket = new Dealer({ linger: 0 });
socket.connect(endpoint);
const LAST = '{"v":1,"id":"last","cmd":"service.ping"}';
const lastAnswered = (async () => {
  for await (const [reply] of socket) if (String(reply).includes('"last"')) return;
})();
let slowestMs = 0;
for (let sent = 0; sent < frames; sent++) {
  const frame = source.next();
  let tookMs = timeToRead(frame);
  for (let again = 0; again < 3 && tookMs > SUSPECT_MS; again++) tookMs = Math.min(tookMs, timeToRead(frame));
  slowestMs = Math.max(slowestMs, tookMs);
  // In one frame, or with frames that do not belong there.
  await socket.send(sent % 50 === 0 ? ['', frame, frame] : frame);
}
// Messages of one client are read in order: once this one is answered all have been.
await socket.send(LAST);
await lastAnswered;
const report: FuzzReport = { slowestMs };
process.stdout.write(`${JSON.stringify(report)}\n`);
socket.close();

function timeToRead(frame: Uint8Array): number {
  const startMs = performance.now();
  const message = readMessage(frame);
  if (!('dropped' in message))
    for (const item of message.items)
      if (item.kind === 'request')
        try {
          item.decode();
        } catch {
          // Refused with a type; the tests of the protocol see to that.
        }
  return performance.now() - startMs;
}
