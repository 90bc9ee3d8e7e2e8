/**
 * What the framework costs and gains against what else one would take: zeromq.js alone, NestJS
 * microservices, Moleculer, gRPC-js, fastify with undici, NATS. Server and client are processes of
 * their own, each on its processor; contestants take turns; medians of the rounds. Only ratios of
 * one run mean anything: absolute times belong to a machine and an hour.
 *
 *     node build/bench/rpc.js [--rounds 5] [--budget-ms 300] [--only conclave,raw] [--quick] [--json]
 */
import { readOptions } from './options.js';
import { measureAlone } from './rpc/alone.js';
import { canPin } from './rpc/child.js';
import { field } from './rpc/field.js';
import { race } from './rpc/race.js';
import { asJson, asText, type Report } from './rpc/report.js';
import { verdicts } from './rpc/verdicts.js';

const USAGE = `node build/bench/rpc.js [options]: the framework against zeromq.js alone and other frameworks
  --rounds <n>      rounds of each contestant; default 5
  --budget-ms <n>   time of a measurement; default 300
  --only <names>    names, or beginnings of names, of the contestants, separated by commas
  --quick           seconds instead of minutes: shows that everything runs, its figures are rough
  --json            for machines`;

const values = readOptions(USAGE, {
  rounds: { type: 'string' },
  'budget-ms': { type: 'string' },
  only: { type: 'string' },
  quick: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
});

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

const rounds = Number(values.rounds ?? (values.quick ? 1 : 5));
const budgetMs = Number(values['budget-ms'] ?? (values.quick ? 30 : 300));
const wanted = values.only?.split(',');
const entries = field().filter(({ name }) => !wanted || wanted.some((start) => name.startsWith(start)));
const pinned = canPin();
const results = await race(
  entries.filter(({ absent }) => absent === undefined),
  { rounds, budgetMs, pinned, progress },
);
progress('validation alone, in-process transport');
const alone = await measureAlone(values.quick ? 1_000 : 20_000);
progress('');
const report: Report = {
  node: process.version,
  pinned,
  rounds,
  results,
  absent: entries.filter(({ absent }) => absent !== undefined),
  alone,
  verdicts: verdicts(results, alone),
};
console.log(values.json ? asJson(report) : asText(report));
