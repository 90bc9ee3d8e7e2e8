/**
 * What the service framework promises under load, attack and failure, brought about on loopback and
 * measured against its bars: `make soak`. Every load generator is a process of its own, bounded in number
 * and time. Ends with 1 when a bar is missed.
 *
 *     node build/bench/soak.js [--only overload,fuzz] [--short] [--json]
 */
import { readOptions } from './options.js';
import type { Step } from './soak/figure.js';
import { allReached, asJson, asText, type StepReport } from './soak/report.js';
import { STEPS } from './soak/steps/index.js';

const USAGE = `node build/bench/soak.js [options]: the service under load, attack and failure
  --only <names>   steps to run, separated by commas: ${STEPS.map((step) => step.name).join(', ')}
  --short          seconds instead of minutes: shows that everything runs
  --json           for machines`;

const values = readOptions(USAGE, {
  only: { type: 'string' },
  short: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
});

async function run(step: Step): Promise<StepReport> {
  const startMs = performance.now();
  const seconds = (): number => (performance.now() - startMs) / 1000;
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${step.name}`);
  try {
    const figures = await step.run(values.short ? 'short' : 'full');
    return { step: step.name, seconds: seconds(), figures };
  } catch (error) {
    return { step: step.name, seconds: seconds(), figures: [], failed: String(error) };
  }
}

const wanted = values.only?.split(',');
const reports: StepReport[] = [];
for (const step of STEPS) if (!wanted || wanted.includes(step.name)) reports.push(await run(step));
if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
console.log(values.json ? asJson(reports) : asText(reports));
process.exitCode = allReached(reports) ? 0 : 1;
