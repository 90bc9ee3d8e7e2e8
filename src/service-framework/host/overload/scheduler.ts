import type { Clock } from '../../../runtime/index.js';
import type { Caller } from '../../transport/index.js';
import { type Runnable, TimeSlice } from '../time-slice.js';
import type { CommandLane, LaneWork } from './command-lane.js';

/**
 * Starts requests: at once while the turn of the event loop is young and the command may run one more,
 * else in turn, one command after the other and within a command one caller after the other. Between
 * slices of work sockets are read, so that cancels, pings and the reserved commands get through.
 */
export class Scheduler {
  readonly #clock: Clock;
  readonly #slice: TimeSlice;
  /** Lanes where something waits and may run. A set keeps the order of insertion. */
  readonly #ready = new Set<CommandLane>();

  constructor(clock: Clock, sliceMs?: number) {
    this.#clock = clock;
    this.#slice = new TimeSlice(clock, () => this.#turn(), sliceMs);
  }

  /** For the reserved lane: before everything that waits, whatever the load. */
  runNow(work: Runnable): void {
    this.#slice.run(work);
  }

  submit(lane: CommandLane, work: LaneWork, caller: Caller): void {
    if (lane.queue.size === 0 && lane.mayRun && !this.#slice.spent) {
      this.#start(lane, work);
      return;
    }
    work.ticket = lane.queue.push(caller, work, work.cost);
    work.wait();
    if (!lane.mayRun) return;
    this.#ready.add(lane);
    this.#slice.requestTurn();
  }

  /** The work has its answer, whether it has run or still waited. */
  ended(lane: CommandLane, work: LaneWork): void {
    if (work.ticket) {
      lane.queue.delete(work.ticket);
      work.ticket = undefined;
    }
    if (!work.inLane) return;
    work.inLane = false;
    lane.running--;
    if (lane.queue.size === 0) return;
    this.#ready.add(lane);
    this.#slice.requestTurn();
  }

  #start(lane: CommandLane, work: LaneWork): void {
    work.inLane = true;
    lane.running++;
    this.#slice.run(work);
  }

  #turn(): void {
    while (!this.#slice.spent) {
      const [lane] = this.#ready;
      if (!lane) return;
      this.#ready.delete(lane);
      if (!lane.mayRun) continue;
      const work = lane.queue.shift();
      if (!work) continue;
      work.ticket = undefined;
      lane.pace.left(this.#clock.monotonicMs(), lane.queue.size > 0);
      // Behind the other commands.
      if (lane.queue.size > 0) this.#ready.add(lane);
      this.#start(lane, work);
    }
    if (this.#ready.size > 0) this.#slice.requestTurn();
  }
}
