import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';
import { type Logger, ServiceError } from '../../runtime/index.js';
import { isLoopbackHost } from '../security/index.js';

export interface MetricsServerOptions {
  readonly registry: Registry;
  readonly logger: Logger;
  /** TCP port; 0 = any free one. */
  readonly port: number;
  /** A loopback address. Default 127.0.0.1. */
  readonly bind?: string;
  /** What `/healthz` tells: 200 when ready, else 503. Default: always ready. */
  readonly health?: () => Promise<{ readonly ready: boolean }>;
}

/** The page Prometheus reads (`/metrics`) and the probe of a supervisor (`/healthz`), on loopback only. */
export class MetricsServer {
  readonly #options: MetricsServerOptions;
  #server: Server | undefined;

  constructor(options: MetricsServerOptions) {
    this.#options = options;
  }

  /**
   * @returns the base address, e.g. `http://127.0.0.1:9464`
   * @throws ServiceError FAILED_PRECONDITION for an address others can reach, or that is taken
   */
  async listen(): Promise<string> {
    const { port, bind = '127.0.0.1' } = this.#options;
    if (!isLoopbackHost(bind))
      throw new ServiceError(
        'FAILED_PRECONDITION',
        `metrics: ${JSON.stringify(bind)} is not a loopback address`,
        {
          field: 'bind',
        },
      );
    const server = createServer((request, response) => void this.#answer(request, response));
    await new Promise<void>((resolve, reject) => {
      server.once('error', (cause: NodeJS.ErrnoException) =>
        reject(
          new ServiceError('FAILED_PRECONDITION', `metrics: cannot bind ${bind}:${port}: ${cause.code}`, {
            field: 'port',
            cause,
          }),
        ),
      );
      server.listen(port, bind, resolve);
    });
    this.#server = server;
    const address = server.address();
    const bound = typeof address === 'object' && address ? address.port : port;
    return `http://${bind.includes(':') ? `[${bind}]` : bind}:${bound}`;
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const path = (request.url ?? '/').split('?')[0];
      if (request.method !== 'GET' && request.method !== 'HEAD') reply(response, 405, 'GET only\n');
      else if (path === '/' || path === '/metrics') await this.#metrics(response);
      else if (path === '/healthz') await this.#health(response);
      else reply(response, 404, 'try /metrics or /healthz\n');
    } catch (err) {
      // At the limit of file descriptors even reading the memory in use throws.
      this.#options.logger.error({ err }, 'the metrics page failed');
      reply(response, 500, 'metrics cannot be read\n');
    }
  }

  async #metrics(response: ServerResponse): Promise<void> {
    const { registry } = this.#options;
    reply(response, 200, await registry.metrics(), registry.contentType);
  }

  async #health(response: ServerResponse): Promise<void> {
    const health = (await this.#options.health?.()) ?? { ready: true };
    reply(response, health.ready ? 200 : 503, `${JSON.stringify(health)}\n`, 'application/json');
  }
}

function reply(response: ServerResponse, status: number, body: string, type = 'text/plain'): void {
  if (response.headersSent) return;
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
