import { writeFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { type Measured, measure } from '../bench/measure.js';
import { leadPlot } from '../bench/plot.js';
import { VARIANTS } from '../bench/variants.js';
import { Progress } from '../progress.js';
import { table } from '../table.js';

interface BenchOptions {
  readonly seeds: number;
  readonly firstSeed: number;
  readonly json?: boolean;
  readonly svg?: string;
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError('must be an integer of at least 1');
  return value;
}

function asText(measured: readonly Measured[], seeds: number): string {
  const percent = (value: number | undefined): string => (value === undefined ? '' : value.toFixed(3));
  const verdict = (reached: boolean | undefined): string =>
    reached === undefined ? '' : reached ? 'yes' : 'NO';
  const rows = measured.map((one) => [
    one.name,
    one.learner.toFixed(3),
    one.plurality.toFixed(3),
    one.best.toFixed(3),
    percent(one.headroom),
    percent(one.worstHeadroom),
    percent(one.must),
    percent(one.aim),
    verdict(one.reached),
    one.shortfall.toFixed(0),
    one.sizedShortfall.toFixed(0),
    `${one.earlyNotBelow}/${seeds}`,
  ]);
  const head = ['stream', 'learner', 'plurality', 'best', 'H', 'worst H', 'must', 'aim', 'reached'];
  const recoveries = measured
    .flatMap(({ recoveries }) => recoveries)
    .map(({ event, events, decisions }) => [
      event,
      String(events),
      decisions?.toString() ?? 'not within 1500',
    ]);
  return (
    `${table([...head, 'shortfall', 'at size', 'first 1,000'], rows)}\n` +
    'Streams A: accuracy, of which must and aim are; B: basis points a decision, must and aim are of H.\n' +
    'Shortfall: deepest fall behind plurality at any time in any seed; at size: trades at their size.\n\n' +
    `${table(['80 % recovered after', 'events', 'decisions'], recoveries)}\n`
  );
}

/** `conclave bench …` */
export function benchCommand(): Command {
  const decider = new Command('decider')
    .description('Measures the learning decider on the synthetic streams.')
    .option('--seeds <n>', 'streams of each kind', positive, 20)
    .option('--first-seed <s>', 'the first of the seeds', positive, 1001)
    .option('--json', 'print one JSON object')
    .option('--svg <file>', 'draw the lead over plurality')
    .action((options: BenchOptions) => {
      const progress = new Progress('deciding');
      const total = options.seeds * VARIANTS.length;
      let done = 0;
      const measured = VARIANTS.map((variant) =>
        measure(variant, options.seeds, options.firstSeed, () => {
          done += 1;
          progress.update(done, total);
        }),
      );
      progress.end();
      if (options.svg !== undefined) writeFileSync(options.svg, leadPlot(measured));
      const { seeds, firstSeed } = options;
      const text =
        options.json === true
          ? `${JSON.stringify({ seeds, firstSeed, streams: measured })}\n`
          : asText(measured, options.seeds);
      process.stdout.write(text);
    });
  return new Command('bench').description('Measurements that anybody can repeat.').addCommand(decider);
}
