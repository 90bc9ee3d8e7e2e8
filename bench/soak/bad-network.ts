import { connect, createServer, type Server, type Socket } from 'node:net';
import { SeededRng } from '#conclave/runtime/index.js';

/** A connection lives for so long before something befalls it, ms. */
const SHORTEST_LIFE_MS = 20;
const LIFE_MS = 60;
const DELAY_MS = 80;
const BLACKHOLE_MS = 150;

/** A TCP proxy that cuts connections, holds bytes back, and swallows them for a while before it cuts. */
export class BadNetwork {
  readonly #rng: SeededRng;
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  readonly #timers = new Set<NodeJS.Timeout>();
  troubles = 0;

  constructor(
    private readonly port: number,
    seed: number,
  ) {
    this.#rng = new SeededRng(seed);
    this.#server = createServer((near) => this.#join(near));
  }

  /** @returns where it listens */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `tcp://127.0.0.1:${(this.#server.address() as { port: number }).port}`;
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    for (const socket of this.#open) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(near: Socket): void {
    const far = connect(this.port, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#open.add(from);
      from.setNoDelay(true);
      from.on('error', () => undefined);
      from.on('close', () => {
        this.#open.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
    this.#later(SHORTEST_LIFE_MS + this.#rng.integer(LIFE_MS), () => this.#trouble(near, far));
  }

  #trouble(near: Socket, far: Socket): void {
    if (near.destroyed || far.destroyed) return;
    this.troubles++;
    const kind = this.#rng.integer(3);
    if (kind === 0) {
      near.destroy();
      return;
    }
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.unpipe(to);
      // Swallowed: a stream with a hole in it is of no use afterwards.
      if (kind === 1) from.on('data', () => undefined);
    }
    if (kind === 1) {
      this.#later(BLACKHOLE_MS, () => near.destroy());
      return;
    }
    this.#later(DELAY_MS, () => {
      near.pipe(far);
      far.pipe(near);
      this.#later(SHORTEST_LIFE_MS + this.#rng.integer(LIFE_MS), () => this.#trouble(near, far));
    });
  }

  #later(ms: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, ms);
    this.#timers.add(timer);
  }
}
