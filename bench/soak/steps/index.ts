import type { Step } from '../figure.js';
import { overload } from './overload.js';

/** In the order they run. */
export const STEPS: readonly Step[] = [overload];
