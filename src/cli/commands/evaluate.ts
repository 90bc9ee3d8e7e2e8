import { Command } from 'commander';
import { evaluatePolicy, type MeanInterval, type PolicyEvaluation } from '../../ml-service/index.js';
import { DEFAULT_DATA_DIR, withJournal } from '../open-journal.js';
import { readPolicyFile } from '../policy-file.js';
import { Progress } from '../progress.js';
import { table } from '../table.js';
import { wholeNumber } from '../whole-number.js';

interface EvaluateOptions {
  readonly journal: string;
  readonly policy: string;
  readonly from?: number;
  readonly until?: number;
  readonly lag?: number;
  readonly json?: boolean;
}

/** A decision's weight in the log beyond which one of them tells much of the story. */
const HEAVY_SHARE = 0.05;

function bps(value: number): string {
  return value.toFixed(3);
}

function interval({ mean, low, high }: MeanInterval): string[] {
  return [bps(mean), `${bps(low)} to ${bps(high)}`];
}

function warnings(report: PolicyEvaluation): string[] {
  const said: string[] = [];
  if (report.unsupported > 0)
    said.push(
      `In ${(report.unsupported * 100).toFixed(1)} % of cases the policy acts as the log never did: ips and snips are ` +
        'silent on those, dr believes the expectation. Log with exploration to judge them.',
    );
  if (report.effectiveSampleSize < 100)
    said.push('The log is worth fewer than 100 decisions to this policy; the intervals are rough.');
  if (report.largestWeight > HEAVY_SHARE * report.count)
    said.push(`One decision weighs ${report.largestWeight.toFixed(1)} of ${report.count}.`);
  return said;
}

function inWords(report: PolicyEvaluation): string {
  const { acting, ips, snips, dr, full, leftOut } = report;
  const row = (name: string, value: MeanInterval & { difference?: MeanInterval }): string[] => [
    name,
    ...interval(value),
    ...(value.difference ? interval(value.difference) : ['', '']),
  ];
  const rows = [row('acting policy', acting), row('ips', ips), row('snips', snips), row('dr', dr)];
  if (full) rows.push(row('all payoffs', full));
  return [
    `${report.count} of ${report.decisions} decisions judged ` +
      `(${leftOut.noOutcome} without outcome, ${leftOut.otherAction} traded otherwise, ${leftOut.warmUp} warm-up)`,
    table(['bps a decision', 'mean', '95 % interval', 'against acting', '95 % interval'], rows),
    `effective sample size ${report.effectiveSampleSize.toFixed(1)}, largest weight ${report.largestWeight.toFixed(2)}`,
    `policy ${report.policyVersion}`,
    ...warnings(report),
    '',
  ].join('\n');
}

/** `conclave evaluate` */
export function evaluateCommand(): Command {
  return new Command('evaluate')
    .description('What another policy would have earned on the decisions of a journal, with 95 % intervals.')
    .requiredOption('--policy <file>', 'JSON: version 1, decider, explorationRate, seed')
    .option('--journal <folder>', 'folder of the journal', DEFAULT_DATA_DIR)
    .option('--from <seq>', 'judge from this record on; only learn from what is before', wholeNumber(1))
    .option('--until <seq>', 'stop after this record', wholeNumber(1))
    .option(
      '--lag <n>',
      'decisions over which outcomes overlap (default: a rule on their number)',
      wholeNumber(0),
    )
    .option('--json', 'print one JSON object')
    .action(async (options: EvaluateOptions) => {
      const policy = readPolicyFile(options.policy);
      const progress = new Progress('evaluating');
      const report = await withJournal(options.journal, (journal) =>
        evaluatePolicy(journal, policy, {
          ...(options.from === undefined ? {} : { fromSeq: options.from }),
          ...(options.until === undefined ? {} : { untilSeq: options.until }),
          ...(options.lag === undefined ? {} : { lag: options.lag }),
          onProgress: (seq) => {
            if (seq % 256 === 0) progress.update(seq, options.until ?? journal.lastSeq);
          },
        }),
      );
      progress.end();
      process.stdout.write(options.json === true ? `${JSON.stringify(report)}\n` : inWords(report));
    });
}
