// A strategy in twenty lines: ask the committee at every close, trade on paper, report what came of it.
// Run: node build/examples/01-strategy.js tcp://127.0.0.1:7400
import { CommitteeClient } from 'conclave/clients';
import { defaultCandles, windowOf } from 'conclave/market-data';

const WINDOW = 256;
const committee = new CommitteeClient({ endpoint: process.argv[2] ?? 'tcp://127.0.0.1:7400' });
const series = await defaultCandles();
const { symbol, timeframe } = series;

for (let bar = WINDOW; bar < WINDOW + 50; bar++) {
  const { timeMs, open, high, low, close, volume } = windowOf(series, bar - WINDOW, bar);
  const candles = { timeMs, open, high, low, close, volume };
  const { decisionId, action } = await committee.predict({ symbol, timeframe, candles });
  // In at this bar's open, out at its close: both lie after what the committee was shown.
  const price = { entryPrice: series.open[bar] as number, exitPrice: series.close[bar] as number };
  const time = { entryTimeMs: series.timeMs[bar] as number, exitTimeMs: (series.timeMs[bar] as number) + 1 };
  const traded = action !== 'hold';
  const { realisedBps } = await committee.reportTrade({
    decisionId,
    side: traded ? action : 'none',
    quantity: traded ? 1 : 0,
    feesPaid: 0,
    ...price,
    ...time,
  });
  console.log(`${action} earned ${realisedBps.toFixed(1)} bps`);
}
console.log(`learned from ${(await committee.status()).outcomes} outcomes`);
await committee.close();
