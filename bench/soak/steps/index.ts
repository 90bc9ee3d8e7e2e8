import type { Step } from '../figure.js';
import { clients } from './clients.js';
import { endurance } from './endurance.js';
import { hung, killed, stale } from './failure.js';
import { fuzz } from './fuzz.js';
import { network } from './network.js';
import { overload } from './overload.js';
import { drain, rolling } from './restart.js';

/** In the order they run. */
export const STEPS: readonly Step[] = [
  ...[overload, fuzz, clients, endurance],
  ...[killed, stale, hung, network, drain, rolling],
];
