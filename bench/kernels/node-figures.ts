import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type ContestantName, NODE_ROWS } from './contestants.js';
import { common } from './peers.js';
import { median } from './race.js';
import { type Figure, ratio } from './report.js';
import type { Bench } from './sections.js';

const WORKER = join(import.meta.dirname, 'contestant.js');

/** A contestant in a process of its own, so that its garbage collector goes through nobody else's heap. */
class Contestant {
  readonly #process: ChildProcess;
  /** Rejects when it is no longer there to answer. */
  readonly #gone: Promise<never>;

  constructor(name: ContestantName, series: number, level: string | undefined) {
    this.#process = fork(WORKER, [name, String(series), ...(level === undefined ? [] : [level])]);
    this.#gone = once(this.#process, 'exit').then(([code, signal]) => {
      throw new Error(`the contestant ${name} ended with ${code ?? signal}`);
    });
    // Who ends it does not wait for an answer.
    this.#gone.catch(() => undefined);
  }

  /** Nanoseconds of the processor's time a row, of a round of the function at a place. */
  async round(at: number): Promise<number> {
    this.#process.send(at);
    const [tookNs] = (await Promise.race([once(this.#process, 'message'), this.#gone])) as [number];
    return tookNs;
  }

  end(): void {
    this.#process.kill();
  }
}

/**
 * Thirteen functions from Node, the memory of the results included: theirs in thirteen calls, ours in one, and, for
 * comparison, in thirteen, too.
 */
export async function nodeFigures({ rows, rounds, level }: Bench): Promise<Figure[]> {
  const series = Math.max(1, Math.floor(rows / NODE_ROWS));
  const start = (name: ContestantName): Contestant => new Contestant(name, series, level);
  const [together, ...others] = [
    start('together'),
    start('apart'),
    start('technical'),
    start('tulip'),
  ] as const;
  const functions = common().length;
  const all: number[] = [];
  const sums = others.map(() => 0);
  try {
    for (let at = 0; at < functions; at++) {
      const times: number[][] = others.map(() => []);
      for (let round = 0; round < rounds; round++) {
        for (const [of, other] of others.entries()) times[of]?.push(await other.round(at));
        all.push(await together.round(at));
      }
      for (const [of, each] of times.entries()) sums[of] = (sums[of] ?? 0) + median(each);
    }
  } finally {
    for (const contestant of [together, ...others]) contestant.end();
  }
  const [apart, technical, tulip] = sums as [number, number, number];
  const figure = (name: string, ours: number, theirs: number, bar?: number): Figure =>
    ratio(name, 'ns a row', { ours: ours / functions, theirs: theirs / functions }, bar);
  return [
    figure('13 functions from Node: technicalindicators', median(all), technical, 150),
    figure('13 functions from Node: tulind', median(all), tulip, 120),
    figure('in 13 calls: technicalindicators', apart, technical),
    figure('in 13 calls: tulind', apart, tulip),
  ];
}
