import { createRequire } from 'node:module';
import { type Clock, invalidArgument, type Logger, SeededRng, ServiceError } from '../runtime/index.js';
import {
  BaseClient,
  type BoundEndpoints,
  type CurveClientOptions,
  checkPlainEndpoint,
  createMetricsRegistry,
  type HostHealth,
  KeyFolder,
  type KeyPair,
  type ListenOptions,
  MetricsServer,
  ROLES,
  ServiceHost,
} from '../service-framework/index.js';
import type { MlServiceConfig } from './config.js';
import { DeciderService, JournalIdempotency, type LifeSettings, readChallenger } from './decider/index.js';
import { dismissExperts, type ExpertHandler, type ExpertSeat, recruitExperts } from './experts/index.js';
import { JournalHandler, PostTradeHandler, RlHandler, VotingHandler } from './handlers/index.js';
import { type Journal, openJournal } from './journal/index.js';

/** Longest wait for the connection to a remote expert: a dead one must not slow every decision. */
const EXPERT_CONNECT_TIMEOUT_MS = 50;

const DAY_MS = 86_400_000;

export const VERSION = (createRequire(import.meta.url)('../../package.json') as { version: string }).version;

export interface CommitteeServiceOptions {
  readonly config: MlServiceConfig;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Experts beside those of the folder and the configured files, already constructed. */
  readonly experts?: readonly ExpertHandler[];
}

/** As bound: `request`, or with CURVE `roles` and `serverKey`. */
export interface CommitteeEndpoints extends BoundEndpoints {
  /** Base URL of the Prometheus page (`/metrics`) and the health probe (`/healthz`). */
  readonly metrics: string;
}

/**
 * The ml-service, wired: journal, decider, experts, handlers and host. The only place where they meet.
 */
export class CommitteeService {
  readonly host: ServiceHost;
  readonly #config: MlServiceConfig;
  readonly #journal: Journal;
  readonly #decider: DeciderService;
  readonly #metrics: MetricsServer;
  readonly #experts: readonly ExpertSeat[];

  private constructor(
    config: MlServiceConfig,
    host: ServiceHost,
    journal: Journal,
    decider: DeciderService,
    metrics: MetricsServer,
    experts: readonly ExpertSeat[],
  ) {
    this.#config = config;
    this.host = host;
    this.#journal = journal;
    this.#decider = decider;
    this.#metrics = metrics;
    this.#experts = experts;
  }

  /**
   * Builds the service and rebuilds its state; it does not listen yet, but `host.call` works.
   * @throws ServiceError INVALID_ARGUMENT for a bad setting, FAILED_PRECONDITION when the data folder is in use or an
   *   address is not local, DATA_LOSS when the journal is damaged
   */
  static async open(options: CommitteeServiceOptions): Promise<CommitteeService> {
    const { config, clock, logger } = options;
    const keys = keysOf(config);
    if (!isSecured(config)) {
      checkPlainEndpoint(config.bind, 'bind');
      checkPlainEndpoint(config.eventsBind, 'eventsBind');
    }
    const rng = new SeededRng(config.seed);
    const tools = { clock, rng: rng.fork('experts'), logger };
    const experts = await recruitExperts(config.experts, options.experts ?? [], tools);
    let journal: Journal | undefined;
    try {
      journal = await openJournal({ dataDir: config.dataDir, clock, logger });
      const decider = await DeciderService.open({
        journal,
        clock,
        logger,
        exploration: { rate: config.decider.explorationRate, seed: config.seed },
        defaultCosts: config.costs,
        checkpointEvery: config.journal.checkpointEvery,
        outcomeTtlMs: config.decider.outcomeTtlDays * DAY_MS,
        life: lifeSettingsOf(config.decider),
      });
      const host = new ServiceHost({
        name: 'ml-service',
        version: VERSION,
        clock,
        rng: rng.fork('host'),
        logger,
        ...config.host,
        idempotency: new JournalIdempotency(journal),
      });
      const connect = (endpoint: string, serverKey: string | undefined): BaseClient => {
        if (serverKey === undefined) checkPlainEndpoint(endpoint, 'endpoint');
        else if (keys === undefined)
          throw new ServiceError(
            'FAILED_PRECONDITION',
            'serverKey: this service has no CURVE key of its own',
            {
              field: 'serverKey',
            },
          );
        return new BaseClient({
          endpoint,
          curve: keys && serverKey !== undefined ? curveOf(keys, serverKey) : undefined,
          clock,
          rng: rng.fork(endpoint),
          logger,
          timeoutMs: config.experts.timeoutMs,
          connectTimeoutMs: EXPERT_CONNECT_TIMEOUT_MS,
        });
      };
      for (const { handler } of experts) host.register(handler);
      host.register(
        new VotingHandler({ experts, journal, expertTimeoutMs: config.experts.timeoutMs, connect }),
      );
      host.register(new RlHandler(decider));
      host.register(new PostTradeHandler(decider));
      host.register(new JournalHandler(journal));
      const metrics = new MetricsServer({
        registry: createMetricsRegistry(host),
        logger,
        port: config.metricsPort,
        health: () => host.call<HostHealth>('service.health'),
      });
      return new CommitteeService(config, host, journal, decider, metrics, experts);
    } catch (thrown) {
      await journal?.close();
      await dismissExperts(experts);
      throw thrown;
    }
  }

  /** Starts the handlers without taking requests from outside; `listen` does both. */
  start(): Promise<void> {
    return this.#orClose(() => this.host.start());
  }

  /** Starts the handlers and takes requests. When that fails, everything is closed again. */
  listen(): Promise<CommitteeEndpoints> {
    return this.#orClose(async () => {
      const endpoints = await this.host.listen(listenOptions(this.#config));
      const metrics = await this.#metrics.listen();
      return { ...endpoints, metrics };
    });
  }

  /** Answers what runs, leaves a checkpoint and frees the data folder. */
  async close(reason: string): Promise<void> {
    await this.host.drain(reason);
    await dismissExperts(this.#experts);
    await this.#metrics.close();
    await this.#decider.close();
    await this.#journal.close();
  }

  async #orClose<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (thrown) {
      await this.close('it could not start');
      throw thrown;
    }
  }
}

/** Whether callers come over CURVE: as soon as one role has an endpoint. */
function isSecured({ security }: MlServiceConfig): boolean {
  return ROLES.some((role) => security[role] !== undefined);
}

/** The service's own key. @throws ServiceError when it is missing or others can read it */
export function keysOf(config: MlServiceConfig): KeyPair | undefined {
  return isSecured(config) ? new KeyFolder(config.security.keys).pair(config.security.keyName) : undefined;
}

function curveOf({ publicKey, secretKey }: KeyPair, serverKey: string): CurveClientOptions {
  return { publicKey, secretKey, serverKey };
}

function listenOptions(config: MlServiceConfig): ListenOptions {
  const { security, bind, eventsBind } = config;
  if (!isSecured(config)) return { request: bind, events: eventsBind };
  const roles = Object.fromEntries(
    ROLES.flatMap((role) => (security[role] === undefined ? [] : [[role, security[role]]])),
  );
  return { roles, events: eventsBind, curve: { folder: security.keys, name: security.keyName } };
}

function lifeSettingsOf(settings: MlServiceConfig['decider']): LifeSettings {
  const { challengers, promotion, promotionAlpha, promotionClipBps, drawdownBps, rollbackOnDrift } = settings;
  const seated = challengers.map(readChallenger);
  const names = seated.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw invalidArgument('decider.challengers', twice, 'files of different names');
  return {
    challengers: seated,
    promotion: { automatic: promotion === 'automatic', alpha: promotionAlpha, clipBps: promotionClipBps },
    rollback: { drawdownBps, onDrift: rollbackOnDrift },
  };
}
