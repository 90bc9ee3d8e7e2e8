import type { ResponseOf } from '../../clients/index.js';
import type { Costs } from '../../ml-service/index.js';
import type { NetResult, PaperResult } from '../../strategies/index.js';
import { table } from '../table.js';

/** What the strategy's process says at its end. */
export interface StrategyReport {
  readonly result: PaperResult;
  readonly status: ResponseOf<'rl.status'>;
  readonly experts: ResponseOf<'voting.experts'>;
  readonly market: { readonly symbol: string; readonly timeframe: string };
  readonly costs: Costs;
}

export interface DemoReport extends StrategyReport {
  readonly journal: { readonly records: number; readonly verified: boolean };
  readonly dataDir: string;
}

interface ExpertRow {
  readonly expert: string;
  readonly votes: number;
  readonly hitRate: number;
  readonly weight: number;
}

function expertRows({ experts, status }: DemoReport): ExpertRow[] {
  return experts.map(({ expert, votes }) => {
    const known = status.experts.find((slot) => slot.expert === expert);
    return { expert, votes, hitRate: known?.hitRate ?? 0, weight: known?.weight ?? 0 };
  });
}

/** The one object of `conclave demo --json`. */
export function asJson(report: DemoReport): object {
  const { result, status, journal } = report;
  const { learner, plurality, buyAndHold, latencyMs } = result;
  return {
    bars: result.bars,
    decisions: result.decisions,
    experts: expertRows(report),
    netBps: { learner: learner.netBps, plurality: plurality.netBps, buyAndHold: buyAndHold.netBps },
    standardErrorBps: {
      learner: learner.standardErrorBps,
      plurality: plurality.standardErrorBps,
      buyAndHold: buyAndHold.standardErrorBps,
    },
    latencyMs: { p50: latencyMs.p50, p99: latencyMs.p99 },
    overrides: result.overrides,
    outcomes: status.outcomes,
    journal,
    stateHash: status.stateHash,
  };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function netRow(name: string, { netBps, standardErrorBps }: NetResult): string[] {
  return [name, netBps.toFixed(1), standardErrorBps.toFixed(1)];
}

/** Says in words whether money was made, and whether that could be luck. */
function verdict({ learner, plurality }: PaperResult): string {
  const sign = learner.netBps < 0 ? 'LOST' : learner.netBps > 0 ? 'made' : 'neither made nor lost';
  const amount = learner.netBps === 0 ? 'money' : `${Math.abs(learner.netBps).toFixed(1)} bps after costs`;
  const luck =
    Math.abs(learner.netBps) < 2 * learner.standardErrorBps
      ? ', within two standard errors of nothing: this is what chance looks like'
      : '';
  const difference = learner.netBps - plurality.netBps;
  const against = difference >= 0 ? 'better' : 'worse';
  return `The learner ${sign} ${amount}${luck}; ${Math.abs(difference).toFixed(1)} bps ${against} than the plurality of the votes.`;
}

/** The closing table for people. */
export function asText(report: DemoReport): string {
  const { result, status, journal, market, costs } = report;
  const { decisions, latencyMs } = result;
  const total = decisions.buy + decisions.hold + decisions.sell;
  const action = (name: string, count: number): string[] => [
    name,
    String(count),
    percent(total > 0 ? count / total : 0),
  ];
  const lines = [
    `${market.symbol} ${market.timeframe}, ${result.bars} bars; fee ${costs.feeBps} and slippage ${costs.slippageBps} bps a side, spread ${costs.spreadBps} bps`,
    table(
      ['decisions', 'count', 'share'],
      [
        action('buy', decisions.buy),
        action('hold', decisions.hold),
        action('sell', decisions.sell),
        ['overridden', String(result.overrides), ''],
      ],
    ),
    table(
      ['expert', 'votes', 'hit rate', 'weight'],
      expertRows(report).map(({ expert, votes, hitRate, weight }) => [
        expert,
        String(votes),
        percent(hitRate),
        weight.toFixed(3),
      ]),
    ),
    table(
      ['net of costs, bps', 'sum', 'standard error'],
      [
        netRow('learner', result.learner),
        netRow('plurality', result.plurality),
        netRow('buy and hold', result.buyAndHold),
      ],
    ),
    verdict(result),
    `latency of a decision: p50 ${latencyMs.p50.toFixed(2)} ms, p99 ${latencyMs.p99.toFixed(2)} ms`,
    `journal: ${journal.records} records, ${journal.verified ? 'verified' : 'DAMAGED'}; ${status.outcomes} outcomes learned; state ${status.stateHash.slice(0, 16)}…`,
    `look closer: node dist/cli/main.js explain ${result.lastDecisionId ?? '<decisionId>'} --data-dir ${report.dataDir}`,
    `             node dist/cli/main.js replay --data-dir ${report.dataDir}`,
    '',
  ];
  return lines.join('\n');
}
