import { SystemClock } from '../../../runtime/index.js';

/** Time between two looks at the parent, ms. */
const INTERVAL_MS = 500;

/** A thread of a child process that ends the whole process once its parent is gone, whatever runs in it. */
const parent = process.ppid;
const clock = new SystemClock();

function look(): void {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
  clock.schedule(INTERVAL_MS, look);
}

look();
