import { type Config, defineConfig, LOG_LEVELS } from '../runtime/index.js';

/** Where the callers of one role connect over CURVE. */
function roleEndpoint<R extends string>(role: R) {
  return {
    type: 'endpoint',
    schemes: ['tcp', 'ipc'],
    optional: true,
    flag: `--bind-${role}`,
    env: `CONCLAVE_BIND_${role.toUpperCase()}`,
    help: `CURVE endpoint of the role ${role}, at any address.`,
  } as const;
}

/** Every setting of the ml-service; `--help`, the checks and the types follow from it. */
export const ML_SERVICE_CONFIG = defineConfig({
  dataDir: {
    type: 'path',
    default: '.conclave',
    flag: '--data-dir',
    env: 'CONCLAVE_DATA_DIR',
    help: 'Folder of the journal and its checkpoints; one process at a time.',
  },
  bind: {
    type: 'endpoint',
    schemes: ['tcp', 'ipc'],
    default: 'tcp://127.0.0.1:7400',
    flag: '--bind',
    env: 'CONCLAVE_BIND',
    help: 'Where requests are taken; loopback or ipc only. Port 0 takes a free one. Not opened once a role has an endpoint.',
  },
  eventsBind: {
    type: 'endpoint',
    schemes: ['tcp', 'ipc'],
    default: 'tcp://127.0.0.1:0',
    flag: '--events-bind',
    env: 'CONCLAVE_EVENTS_BIND',
    help: 'Where events are published; loopback or ipc only, unless a role has an endpoint.',
  },
  security: {
    trader: roleEndpoint('trader'),
    expert: roleEndpoint('expert'),
    observer: roleEndpoint('observer'),
    admin: roleEndpoint('admin'),
    keys: {
      type: 'path',
      default: '.conclave/keys',
      flag: '--keys',
      env: 'CONCLAVE_KEYS',
      help: 'Folder of the CURVE keys: NAME.key of this service, allow/ROLE of its callers.',
    },
    keyName: {
      type: 'string',
      default: 'host',
      flag: '--key-name',
      env: 'CONCLAVE_KEY_NAME',
      help: 'Name of the key of this service.',
    },
  },
  metricsPort: {
    type: 'integer',
    min: 0,
    max: 65_535,
    default: 9464,
    flag: '--metrics-port',
    env: 'CONCLAVE_METRICS_PORT',
    help: 'Loopback port of the Prometheus page; 0 takes a free one.',
  },
  seed: {
    type: 'integer',
    default: 1,
    flag: '--seed',
    env: 'CONCLAVE_SEED',
    help: 'Seed of everything random.',
  },
  log: {
    level: {
      type: 'enum',
      values: LOG_LEVELS,
      default: 'info',
      flag: '--log-level',
      env: 'CONCLAVE_LOG_LEVEL',
      help: 'Least severe log line that is written, to stderr.',
    },
  },
  host: {
    defaultTtlMs: {
      type: 'integer',
      min: 1,
      max: 600_000,
      default: 5_000,
      help: 'How long a request without a ttl may take.',
    },
    maxTtlMs: {
      type: 'integer',
      min: 1,
      max: 3_600_000,
      default: 60_000,
      help: 'Longest ttl a request may ask for.',
    },
    drainTimeoutMs: {
      type: 'integer',
      min: 0,
      max: 600_000,
      default: 10_000,
      help: 'Longest wait for running requests at shutdown.',
    },
  },
  experts: {
    files: {
      type: 'list',
      items: { type: 'path' },
      default: [],
      flag: '--expert',
      env: 'CONCLAVE_EXPERTS',
      help: 'Further experts: compiled modules that export classes extending ExpertHandler.',
    },
    isolatedFiles: {
      type: 'list',
      items: { type: 'path' },
      default: [],
      flag: '--isolated-expert',
      env: 'CONCLAVE_ISOLATED_EXPERTS',
      help: 'Further experts, one a module, each loaded in a process of its own only: native models.',
    },
    isolation: {
      type: 'list',
      items: {
        type: 'string',
        pattern: /[a-z][a-z0-9_]*=(inline|worker|process)/,
        patternHelp: 'like regime=worker; inline, worker or process',
      },
      default: [],
      flag: '--expert-isolation',
      env: 'CONCLAVE_EXPERT_ISOLATION',
      help: 'Where experts live; inline if not said. What goes wrong elsewhere is an abstention.',
    },
    disabled: {
      type: 'list',
      items: { type: 'string' },
      default: [],
      flag: '--without-expert',
      env: 'CONCLAVE_WITHOUT_EXPERTS',
      help: 'Ids of built-in experts that stay out of the committee.',
    },
    timeoutMs: {
      type: 'integer',
      min: 1,
      max: 60_000,
      default: 250,
      flag: '--expert-timeout-ms',
      env: 'CONCLAVE_EXPERT_TIMEOUT_MS',
      help: 'Longest wait for one expert; then it counts as absent.',
    },
  },
  decider: {
    explorationRate: {
      type: 'number',
      min: 0,
      max: 1,
      default: 0,
      flag: '--exploration-rate',
      env: 'CONCLAVE_EXPLORATION_RATE',
      help: 'Probability of an action drawn at random, for off-policy evaluation.',
    },
  },
  costs: {
    feeBps: {
      type: 'number',
      min: 0,
      max: 5_000,
      default: 0,
      help: 'Fee a side in basis points, where a question does not say.',
    },
    spreadBps: {
      type: 'number',
      min: 0,
      max: 5_000,
      default: 0,
      help: 'Quoted spread in basis points, where a question does not say.',
    },
    slippageBps: {
      type: 'number',
      min: 0,
      max: 5_000,
      default: 0,
      help: 'Slippage a side in basis points, where a question does not say.',
    },
  },
  journal: {
    checkpointEvery: {
      type: 'integer',
      min: 1,
      max: 10_000_000,
      default: 1_000,
      help: 'Outcomes between two checkpoints; a start replays at most so many.',
    },
  },
});

export type MlServiceConfig = Config<typeof ML_SERVICE_CONFIG>;
