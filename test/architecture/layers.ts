import type { Layering } from './layer-rules.js';

/** The top folders: a folder may import those before it, and its neighbours if they do not import it. */
export const TOP: Layering = {
  folder: 'src/',
  tiers: [
    ['runtime'],
    ['fastcalc'],
    ['service-framework'],
    ['market-data'],
    ['ml-service'],
    ['clients'],
    ['trading', 'backtesting', 'optimization', 'strategies', 'sentiment'],
    ['gateway', 'cli'],
  ],
  throughIndex: true,
};

/** The folder's own index.ts gathers the rest, so it lies on top, as do the files that wire a service. */
export const ML_SERVICE: Layering = {
  folder: 'src/ml-service/',
  tiers: [
    ['dto'],
    ['journal'],
    ['experts', 'decider', 'committee', 'model-registry'],
    ['evaluation', 'handlers'],
    ['config.ts', 'committee-service.ts', 'main.ts', 'index.ts'],
  ],
  throughIndex: false,
};

export const SERVICE_FRAMEWORK: Layering = {
  folder: 'src/service-framework/',
  tiers: [
    ['protocol', 'security'],
    ['handler'],
    ['transport'],
    ['client', 'host', 'telemetry'],
    ['isolation'],
    ['index.ts'],
  ],
  throughIndex: false,
};

export const LAYERINGS: readonly Layering[] = [TOP, ML_SERVICE, SERVICE_FRAMEWORK];
