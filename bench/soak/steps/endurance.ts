import type { Figure, Scale, Step } from '../figure.js';
import { Helper, openHost, type Vitals } from '../helper.js';
import type { CallerArgument } from '../processes/caller.js';

const PARTS = 20;
/** At first both sides compile, fill caches and grow their pools. */
const WARM_UP_PARTS = 5;

/** A million requests leave nothing behind, on either side. */
export const endurance: Step = {
  name: 'endurance',
  async run(scale: Scale): Promise<Figure[]> {
    const part = (scale === 'full' ? 1_000_000 : 100_000) / PARTS;
    const { host, endpoint } = await openHost();
    const caller = new Helper('caller', { endpoint, part } satisfies CallerArgument, ['--expose-gc']);
    try {
      await caller.hear();
      const sides: readonly Side[] = [
        { name: 'host', process: host, heaps: [], descriptors: [], timers: [] },
        { name: 'client', process: caller, heaps: [], descriptors: [], timers: [] },
      ];
      for (let done = -WARM_UP_PARTS; done < PARTS; done++) {
        const vitals = [await caller.ask<Vitals>('go'), await host.ask<Vitals>('vitals')].reverse();
        if (done < 0) continue;
        sides.forEach((side, i) => {
          side.heaps.push(vitals[i]?.heapBytes ?? 0);
          side.timers.push(vitals[i]?.timers ?? 0);
          side.descriptors.push(side.process.descriptors());
        });
      }
      return sides.flatMap((side) => figuresOf(side, part));
    } finally {
      await caller.end();
      await host.end();
    }
  },
};

interface Side {
  readonly name: string;
  readonly process: Helper;
  readonly heaps: number[];
  readonly descriptors: number[];
  readonly timers: number[];
}

function figuresOf({ name, heaps, descriptors, timers }: Side, part: number): Figure[] {
  return [
    { figure: `${name}: heap a request`, value: slope(heaps) / part, unit: 'B', bar: 1, measured: true },
    { figure: `${name}: descriptors grown`, value: grown(descriptors), unit: '', bar: 0 },
    { figure: `${name}: timers grown`, value: grown(timers), unit: '', bar: 1 },
  ];
}

/** Least squares: growth from one value to the next. */
function slope(values: readonly number[]): number {
  const meanX = (values.length - 1) / 2;
  const meanY = values.reduce((sum, value) => sum + value, 0) / values.length;
  let [above, below] = [0, 0];
  values.forEach((value, x) => {
    above += (x - meanX) * (value - meanY);
    below += (x - meanX) ** 2;
  });
  return above / below;
}

function grown(values: readonly number[]): number {
  return (values.at(-1) ?? 0) - (values[0] ?? 0);
}
