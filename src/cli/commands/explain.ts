import { Command } from 'commander';
import { ACTIONS, type Explanation, explanationOf } from '../../ml-service/index.js';
import { DATA_DIR_FLAG, DATA_DIR_HELP, DEFAULT_DATA_DIR, withJournal } from '../open-journal.js';
import { table } from '../table.js';

function inWords(explanation: Explanation): string {
  const { decisionId, symbol, timeframe, asOfMs, action, size, scores, propensities, contributions } =
    explanation;
  const number = (value: number): string => value.toFixed(4);
  const rows = contributions.map((part) => [part.expert, ...ACTIONS.map((each) => number(part[each]))]);
  return [
    `Decision ${decisionId}: ${action} ${symbol} ${timeframe} at size ${size}, ${new Date(asOfMs).toISOString()}`,
    '',
    ...explanation.reasons.map((reason) => `- ${reason}`),
    '',
    table(
      ['expected bps', ...ACTIONS],
      [
        ...rows,
        ['score', ...ACTIONS.map((each) => number(scores[each]))],
        ['propensity', ...ACTIONS.map((each) => number(propensities[each]))],
      ],
    ),
    `policy ${explanation.policyVersion}, state ${explanation.stateHash.slice(0, 16)}…, record ${explanation.seq}`,
    '',
  ].join('\n');
}

/** `conclave explain <decisionId>` */
export function explainCommand(): Command {
  return new Command('explain')
    .description('Why a decision was what it was, and what came of it.')
    .argument('<decisionId>', 'as in the decision')
    .option(DATA_DIR_FLAG, DATA_DIR_HELP, DEFAULT_DATA_DIR)
    .option('--json', 'print the explanation as one JSON object')
    .action(async (decisionId: string, options: { dataDir: string; json?: boolean }) => {
      const explanation = await withJournal(options.dataDir, (journal) => explanationOf(journal, decisionId));
      process.stdout.write(options.json === true ? `${JSON.stringify(explanation)}\n` : inWords(explanation));
    });
}
