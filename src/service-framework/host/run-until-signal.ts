import type { ServiceHost } from './service-host.js';

/** What `process` offers of it; tests bring their own. */
export interface SignalSource {
  on(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
  off(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
}

/**
 * Waits until one of the signals arrives or the host is drained by command, drains the host, and
 * resolves once it has stopped. A second signal while draining is ignored: the drain has its own
 * time limit.
 *
 * @returns why it ended: the signal's name, or the reason of the drain
 */
export async function runUntilSignal(
  host: ServiceHost,
  options: { readonly signals?: readonly NodeJS.Signals[]; readonly source?: SignalSource } = {},
): Promise<string> {
  const { signals = ['SIGTERM', 'SIGINT'], source = process } = options;
  const onSignal = (signal: NodeJS.Signals): void => void host.drain(signal);
  for (const signal of signals) source.on(signal, onSignal);
  try {
    return await host.drained;
  } finally {
    for (const signal of signals) source.off(signal, onSignal);
  }
}
