import { ServiceBroker } from 'moleculer';
import { freePort } from './free-port.mjs';

const SECONDS_A_DAY = 86_400;
const unit = { type: 'number', min: 0, max: 1 };
const text = (max) => ({ type: 'string', min: 1, max });
const symbol = { ...text(64), pattern: '^[A-Z0-9/]+$' };
const time = { type: 'number', min: 0, max: 1e14 };
const positive = { type: 'array', max: 100_000, items: { type: 'number', positive: true } };
const nonNegative = { type: 'array', max: 100_000, items: { type: 'number', min: 0 } };
const object = (props) => ({ type: 'object', props });

const vote = {
  expert: text(64),
  version: text(32),
  symbol,
  asOfMs: time,
  probabilities: object({ buy: unit, hold: unit, sell: unit }),
  confidence: unit,
  label: text(64),
  validForMs: { type: 'number', integer: true, min: 1, max: 86_400_000 },
};
const question = {
  symbol,
  timeframe: text(16),
  candles: object({
    timeMs: nonNegative,
    open: positive,
    high: positive,
    low: positive,
    close: positive,
    volume: nonNegative,
  }),
  book: object({
    timeMs: time,
    bidPrice: positive,
    bidSize: nonNegative,
    askPrice: positive,
    askSize: nonNegative,
  }),
  trades: object({
    timeMs: nonNegative,
    price: positive,
    size: positive,
    side: { type: 'array', items: { type: 'enum', values: [1, -1] } },
  }),
  horizonBars: { type: 'number', integer: true, min: 1, max: 1_000_000 },
};

function broker(nodeID, options) {
  return new ServiceBroker({
    nodeID,
    logger: false,
    transporter: { type: 'TCP', options: { udpDiscovery: false, useHostname: false, ...options } },
    // Its own chatter shall not fall into a measurement.
    heartbeatInterval: SECONDS_A_DAY,
    requestTimeout: 5000,
  });
}

/** Its own TCP transporter, JSON, fastest-validator. */
export const contestant = {
  async serve({ command, decide }) {
    const port = await freePort();
    const server = broker('server', { port });
    server.createService({
      name: 'bench',
      actions: {
        vote: { params: vote, handler: () => command.reply },
        decide: { params: question, handler: () => decide.reply },
      },
    });
    await server.start();
    return `127.0.0.1:${port}`;
  },
  async connect(address, { command, decide }) {
    const client = broker('client', { port: await freePort(), urls: [`tcp://${address}/server`] });
    await client.start();
    await client.waitForServices('bench', 20_000, 100);
    return {
      command: () => client.call('bench.vote', command.request),
      decide: () => client.call('bench.decide', decide.request),
    };
  },
};
