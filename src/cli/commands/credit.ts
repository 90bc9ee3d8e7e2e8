import { Command } from 'commander';
import { type CreditReport, CreditWalk } from '../../ml-service/index.js';
import { DATA_DIR_FLAG, DATA_DIR_HELP, DEFAULT_DATA_DIR, withJournal } from '../open-journal.js';
import { Progress } from '../progress.js';
import { atLeast, json, withClient } from '../remote.js';
import { table } from '../table.js';

/** Records between two signs of life. */
const SLICE = 1_024;

interface CreditOptions {
  readonly dataDir: string;
  readonly endpoint?: string;
  readonly timeoutMs: number;
  readonly json?: boolean;
}

function inWords({ seq, decisions, judged, experts }: CreditReport): string {
  const share = (value: number): string => value.toFixed(3);
  const bps = (value: number): string => value.toFixed(2);
  const league = experts.map((credit) => [
    credit.expert,
    ...[credit.votes, credit.judged, credit.pivotal].map(String),
    ...[credit.contributionBps, credit.worthBps, credit.totalWorthBps, credit.edgeBps].map(bps),
    ...[credit.hitRate, credit.brier, credit.ece].map(share),
    credit.herding[0] ? `${credit.herding[0].expert} ${share(credit.herding[0].kappa)}` : '',
  ]);
  const regimes = experts.flatMap(({ expert, regimes: seen }) =>
    seen.map(({ regime, judged: count, hitRate, edgeBps }) => [
      expert,
      regime,
      String(count),
      share(hitRate),
      bps(edgeBps),
    ]),
  );
  return [
    `${decisions} decisions, ${judged} with a full outcome, up to record ${seq}`,
    table(
      [
        'expert',
        'votes',
        'judged',
        'pivotal',
        'moved',
        'worth',
        'in all',
        'edge',
        'hits',
        'Brier',
        'ECE',
        'nearest',
      ],
      league,
    ),
    'basis points: moved = share in the score of the action chosen, worth = earned more than without its vote',
    table(['expert', 'regime', 'judged', 'hits', 'edge'], regimes),
    '',
  ].join('\n');
}

async function ofService(
  endpoint: string,
  timeoutMs: number,
  show: (report: CreditReport) => void,
): Promise<void> {
  await withClient({ endpoint, timeoutMs }, async (client) => {
    show(await client.call<CreditReport>('rl.credit'));
  });
}

async function ofJournal(dataDir: string): Promise<CreditReport> {
  const progress = new Progress('taking decisions apart');
  const report = await withJournal(dataDir, (journal) => {
    const walk = new CreditWalk(journal);
    while (walk.advance(SLICE) === SLICE) progress.update(walk.seq, journal.lastSeq);
    return walk.report();
  });
  progress.end();
  return report;
}

/** `conclave credit` */
export function creditCommand(): Command {
  return new Command('credit')
    .description('League table of the experts: what each is worth, how often it is right, whom it follows.')
    .option(DATA_DIR_FLAG, DATA_DIR_HELP, DEFAULT_DATA_DIR)
    .option('--endpoint <endpoint>', 'ask a running service instead of reading a journal')
    .option('--timeout-ms <ms>', 'longest wait for the service', atLeast(1), 30_000)
    .option('--json', 'print one JSON object')
    .action(async (options: CreditOptions) => {
      const show = (report: CreditReport): void => {
        process.stdout.write(options.json === true ? `${json(report)}\n` : inWords(report));
      };
      if (options.endpoint !== undefined) await ofService(options.endpoint, options.timeoutMs, show);
      else show(await ofJournal(options.dataDir));
    });
}
