import type { Action, AnomalyAlert, Override } from '../dto/index.js';

/** Largest fraction of the usual size while something is out of the ordinary. */
const WARNING_SIZE = 0.5;

export interface Guarded {
  readonly action: Action;
  /** 0..1 */
  readonly size: number;
  readonly override?: Override;
}

/**
 * The hard rule outside of all learning: a critical alert means no trade, a warning at most half the size.
 * @param wanted what the decider would do
 * @param wantedSize how large, 0..1; 0 for a hold
 */
export function guard(wanted: Action, wantedSize: number, alerts: readonly AnomalyAlert[]): Guarded {
  const critical = alerts.find((alert) => alert.severity === 'critical');
  if (critical) {
    const reason = `${critical.kind}: ${critical.message}`.slice(0, 500);
    return { action: 'hold', size: 0, override: { rule: 'critical_anomaly', reason, action: wanted } };
  }
  const warning = alerts.find((alert) => alert.severity === 'warning');
  if (!warning || wanted === 'hold') return { action: wanted, size: wantedSize };
  const reason = `${warning.kind}: ${warning.message}`.slice(0, 500);
  return {
    action: wanted,
    size: Math.min(wantedSize, WARNING_SIZE),
    override: { rule: 'warning_size_cap', reason, action: wanted },
  };
}
