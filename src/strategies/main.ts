#!/usr/bin/env node
import { CommitteeClient } from '../clients/index.js';
import {
  candleCount,
  defaultCandles,
  MarketSimulator,
  readCandleFile,
  windowOf,
} from '../market-data/index.js';
import { helpText, loadConfig, ServiceError, SystemClock, wantsHelp } from '../runtime/index.js';
import { STRATEGY_CONFIG, type StrategyConfig } from './config.js';
import { CandleFeed, type Feed, SimulatedFeed } from './feed.js';
import { PaperSession } from './paper-session.js';
import { CommitteeStrategy } from './strategy.js';

const SIMULATED_BAR_MS = 300_000;
const PROGRESS_EVERY_MS = 100;

/** One JSON line a message: progress while it runs, the result at the end. */
function say(message: object): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

async function feedOf(config: StrategyConfig): Promise<Feed> {
  if (config.simulate) {
    const simulator = new MarketSimulator({ seed: config.seed, symbol: 'SIM/USD', barMs: SIMULATED_BAR_MS });
    return new SimulatedFeed(simulator.run(config.bars));
  }
  const series = config.candles === undefined ? await defaultCandles() : await readCandleFile(config.candles);
  const bars = candleCount(series);
  return new CandleFeed(windowOf(series, Math.max(0, bars - config.bars), bars));
}

async function run(): Promise<void> {
  const { values: config } = loadConfig(STRATEGY_CONFIG, {
    argv: process.argv.slice(2),
    env: process.env,
    cwd: process.cwd(),
  });
  const clock = new SystemClock();
  const costs = { feeBps: config.feeBps, spreadBps: config.spreadBps, slippageBps: config.slippageBps };
  const feed = await feedOf(config);
  const committee = new CommitteeClient({ endpoint: config.endpoint, clock });
  try {
    const { session, horizonBars, windowBars } = config;
    const strategy = new CommitteeStrategy({ committee, session, costs, horizonBars, windowBars });
    let saidMs = Number.NEGATIVE_INFINITY;
    const onProgress = (done: number, total: number): void => {
      if (clock.monotonicMs() - saidMs < PROGRESS_EVERY_MS) return;
      saidMs = clock.monotonicMs();
      say({ progress: { done, total } });
    };
    const paper = new PaperSession({ feed, strategy, committee, costs, clock, onProgress });
    const result = await paper.run();
    const [status, experts] = await Promise.all([committee.status(), committee.experts()]);
    say({ result, status, experts, market: { symbol: feed.symbol, timeframe: feed.timeframe }, costs });
  } finally {
    await committee.close();
  }
}

async function main(): Promise<number> {
  if (wantsHelp(process.argv.slice(2))) {
    process.stdout.write(
      helpText(STRATEGY_CONFIG, {
        usage: 'node dist/strategies/main.js --endpoint <endpoint> [options]',
        description:
          'The reference strategy on paper: does what the committee decides and reports every outcome.',
      }),
    );
    return 0;
  }
  try {
    await run();
    return 0;
  } catch (thrown) {
    const error = ServiceError.from(thrown);
    const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
    process.stderr.write(`strategy: ${error.message}${cause}\n`);
    return error.code === 'INVALID_ARGUMENT' ? 2 : 1;
  }
}

process.exitCode = await main();
