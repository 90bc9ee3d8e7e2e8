import { invalidArgument } from '../runtime/index.js';
import type { DeciderContext } from './decider-types.js';

/** Nothing known of the circumstances. */
export const NO_CONTEXT: DeciderContext = {};

/** The labels as the addon takes them; throws INVALID_ARGUMENT for what is none. Lengths are checked by the addon. */
export function packContext(context: DeciderContext): string {
  if (typeof context !== 'object' || context === null) throw invalidArgument('context', context, 'an object');
  const { regime, anomaly } = context;
  if (regime === undefined && anomaly === undefined) return '';
  return `${labelOf('regime', regime)}\n${labelOf('anomaly', anomaly)}`;
}

function labelOf(name: 'regime' | 'anomaly', label: unknown): string {
  if (label === undefined) return '';
  // A line feed would shift the other label, and an empty one would pass for none.
  if (typeof label === 'string' && label !== '' && !label.includes('\n')) return label;
  throw invalidArgument(`context.${name}`, label, 'text of 1 to 64 characters, no control characters');
}
