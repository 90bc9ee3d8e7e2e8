import { type Config, defineConfig } from '../runtime/index.js';

/** Settings of the reference strategy's process. */
export const STRATEGY_CONFIG = defineConfig({
  endpoint: {
    type: 'endpoint',
    schemes: ['tcp', 'ipc'],
    flag: '--endpoint',
    env: 'CONCLAVE_ENDPOINT',
    help: 'Request endpoint of the ml-service.',
  },
  candles: {
    type: 'path',
    optional: true,
    flag: '--candles',
    help: 'Candle file, CSV or CSV.gz; the S&P 500 by day without one.',
  },
  simulate: {
    type: 'boolean',
    default: false,
    flag: '--sim',
    help: 'Trade a simulated market instead of a file.',
  },
  bars: {
    type: 'integer',
    min: 1,
    max: 10_000_000,
    default: 6_000,
    flag: '--bars',
    help: 'Bars to run over at most, the latest ones of a file.',
  },
  seed: { type: 'integer', default: 1, flag: '--seed', help: 'Seed of the simulated market.' },
  session: { type: 'string', maxLength: 64, default: 'paper', flag: '--session', help: 'Name of this run.' },
  horizonBars: {
    type: 'integer',
    min: 1,
    max: 1_000_000,
    default: 1,
    flag: '--horizon-bars',
    help: 'Bars a position is held.',
  },
  windowBars: {
    type: 'integer',
    min: 1,
    max: 100_000,
    default: 256,
    flag: '--window-bars',
    help: 'Candles shown to the experts at each decision.',
  },
  feeBps: {
    type: 'number',
    min: 0,
    max: 5_000,
    default: 1,
    flag: '--fee-bps',
    help: 'Fee a side, basis points.',
  },
  spreadBps: {
    type: 'number',
    min: 0,
    max: 5_000,
    default: 1,
    flag: '--spread-bps',
    help: 'Quoted spread, basis points.',
  },
  slippageBps: {
    type: 'number',
    min: 0,
    max: 5_000,
    default: 0.5,
    flag: '--slippage-bps',
    help: 'Slippage a side, basis points.',
  },
});

export type StrategyConfig = Config<typeof STRATEGY_CONFIG>;
