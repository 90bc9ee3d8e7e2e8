import { AnomalyAlert, asOfMs, type MarketQuestion } from '../../dto/index.js';
import { ExpertHandler } from '../expert-handler.js';
import { type Abstained, type Opinion, probabilitiesOfLean, squash } from '../opinion.js';
import {
  checkGap,
  checkLag,
  checkRange,
  checkReturn,
  checkSpread,
  checkStale,
  checkVolume,
  type Finding,
  MIN_REFERENCE_BARS,
} from './checks.js';

/** Moves of up to this many robust standard deviations are usual and say nothing. */
const USUAL_Z = 1;
/** Standard deviations beyond the usual at which the lean is one half. */
const HALF_LEAN_Z = 3;
const SEVERITY_RANK = { info: 1, warning: 2, critical: 3 } as const;

function worst(findings: readonly Finding[]): Finding | undefined {
  let found: Finding | undefined;
  for (const finding of findings) {
    if (!finding.severity) continue;
    if (!found?.severity || SEVERITY_RANK[finding.severity] > SEVERITY_RANK[found.severity]) found = finding;
  }
  return found;
}

/**
 * What is not as usual: return, range, volume, spread, gaps and stale data, each against a yardstick that the
 * anomaly itself cannot move. Its alerts stand outside the learning; its vote is the one thing an outlier says
 * about direction, that large moves tend to be taken back in part, and the decider finds out whether they do.
 */
export class AnomalyExpert extends ExpertHandler {
  readonly expert = 'anomaly';
  readonly version = '1.0.0';
  override readonly summary = 'Outliers in return, range, volume, spread and data quality, with alerts';

  override get command(): string {
    return 'anomaly.detect';
  }

  vote(question: MarketQuestion): Opinion | Abstained {
    const rows = question.candles.close.length;
    const findings: Finding[] = [];
    const keep = (finding: Finding | undefined): void => {
      if (finding) findings.push(finding);
    };
    keep(checkLag(question));
    let returnZ: number | undefined;
    // One row more than the reference: the last is judged, and a return needs two closes.
    if (rows >= MIN_REFERENCE_BARS + 2) {
      const lastReturn = checkReturn(question);
      returnZ = lastReturn.score;
      keep(lastReturn);
      keep(checkRange(question));
      keep(checkVolume(question));
      keep(checkSpread(question));
      keep(checkGap(question));
      keep(checkStale(question));
    }
    const alerts = this.#alerts(question, findings);
    const evidence: Record<string, number> = {};
    for (const finding of findings) evidence[finding.kind] = finding.score;
    if (returnZ === undefined) {
      return { abstain: `needs ${MIN_REFERENCE_BARS + 2} candles, got ${rows}`, evidence, alerts };
    }
    const beyond = Math.max(0, Math.abs(returnZ) - USUAL_Z) / HALF_LEAN_Z;
    const lean = -Math.sign(returnZ) * squash(beyond);
    return {
      probabilities: probabilitiesOfLean(lean),
      confidence: Math.abs(lean),
      label: worst(findings)?.kind ?? 'usual',
      evidence,
      alerts,
    };
  }

  #alerts(question: MarketQuestion, findings: readonly Finding[]): AnomalyAlert[] {
    const timeMs = asOfMs(question);
    return findings.flatMap(({ kind, severity, channel, score, message }) =>
      severity === undefined
        ? []
        : [
            Object.assign(new AnomalyAlert(), {
              symbol: question.symbol,
              asOfMs: timeMs,
              kind,
              severity,
              channel,
              score,
              message,
            }),
          ],
    );
  }
}
