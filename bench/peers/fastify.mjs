import fastify from 'fastify';
import { Pool } from 'undici';

const unit = { type: 'number', minimum: 0, maximum: 1 };
const text = (maxLength) => ({ type: 'string', minLength: 1, maxLength });
const object = (properties) => ({ type: 'object', properties, required: Object.keys(properties) });
const time = { type: 'number', minimum: 0, maximum: 1e14 };
const positive = { type: 'array', maxItems: 100_000, items: { type: 'number', exclusiveMinimum: 0 } };
const nonNegative = { type: 'array', maxItems: 100_000, items: { type: 'number', minimum: 0 } };
const symbol = { ...text(64), pattern: '^[A-Z0-9/]+$' };

const vote = object({
  expert: text(64),
  version: text(32),
  symbol,
  asOfMs: time,
  probabilities: object({ buy: unit, hold: unit, sell: unit }),
  confidence: unit,
  label: text(64),
  validForMs: { type: 'integer', minimum: 1, maximum: 86_400_000 },
});
const question = object({
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
    side: { type: 'array', items: { enum: [1, -1] } },
  }),
  horizonBars: { type: 'integer', minimum: 1, maximum: 1_000_000 },
});
const number = { type: 'number' };
const accepted = object({ accepted: { type: 'boolean' }, sequence: number });
const decision = object({
  action: { type: 'string' },
  size: number,
  scores: object({ buy: number, hold: number, sell: number }),
});

/** HTTP/1.1, JSON, ajv on the way in, compiled serialisers on the way out. */
export const contestant = {
  async serve({ command, decide }) {
    const app = fastify({ bodyLimit: 8 * 1024 * 1024 });
    app.post('/command', { schema: { body: vote, response: { 200: accepted } } }, async () => command.reply);
    app.post(
      '/decide',
      { schema: { body: question, response: { 200: decision } } },
      async () => decide.reply,
    );
    return app.listen({ port: 0, host: '127.0.0.1' });
  },
  async connect(address, { command, decide }) {
    const pool = new Pool(address, { connections: 64 });
    const headers = { 'content-type': 'application/json' };
    const post = (path, payload) => async () => {
      const { statusCode, body } = await pool.request({
        path,
        method: 'POST',
        headers,
        body: JSON.stringify(payload),
      });
      const answer = await body.json();
      if (statusCode !== 200) throw new Error(JSON.stringify(answer));
      return answer;
    };
    return { command: post('/command', command.request), decide: post('/decide', decide.request) };
  },
};
