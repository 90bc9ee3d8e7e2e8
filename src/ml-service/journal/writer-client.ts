import { Worker } from 'node:worker_threads';
import { ServiceError } from '../../runtime/index.js';
import type { WriterReply, WriterRequest, WriterStart } from './writer-messages.js';

/** Hears what the writer thread says, in its order. */
export interface WriterListener {
  onReply(reply: WriterReply): void;
  /** The thread ended by itself; nothing more will be written. */
  onCrash(error: ServiceError): void;
}

/** The writer thread as seen from the thread that appends. */
export class WriterClient {
  readonly #worker: Worker;
  readonly #listener: WriterListener;
  readonly #ended: Promise<void>;
  #hasClosed = false;

  private constructor(worker: Worker, listener: WriterListener) {
    this.#worker = worker;
    this.#listener = listener;
    this.#ended = new Promise((resolve) => worker.once('exit', () => resolve()));
    worker.on('message', (reply: WriterReply) => {
      if (reply.type === 'closed') this.#hasClosed = true;
      listener.onReply(reply);
    });
    worker.on('error', (thrown) => this.#crash(thrown));
    worker.on('exit', (code) => {
      if (!this.#hasClosed) this.#crash(new Error(`ended with code ${code}`));
    });
  }

  /** @throws ServiceError when the thread cannot open the journal */
  static start(start: WriterStart, listener: WriterListener): Promise<WriterClient> {
    return new Promise((resolve, reject) => {
      const worker = new Worker(new URL('./writer-thread.js', import.meta.url), { workerData: start });
      let isReady = false;
      const client = new WriterClient(worker, {
        onReply: (reply) => {
          if (reply.type === 'ready') {
            isReady = true;
            resolve(client);
          } else listener.onReply(reply);
        },
        onCrash: (error) => (isReady ? listener.onCrash(error) : reject(error)),
      });
    });
  }

  post(request: WriterRequest): void {
    this.#worker.postMessage(request);
  }

  /** Everything posted before is written first. Resolves when the thread has ended. */
  async close(): Promise<void> {
    this.post({ type: 'close' });
    await this.#ended;
  }

  #crash(thrown: unknown): void {
    if (this.#hasClosed) return;
    this.#hasClosed = true;
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    this.#listener.onCrash(
      new ServiceError('UNAVAILABLE', `journal: its writer thread ended: ${reason}`, { cause: thrown }),
    );
  }
}
