import type { Figure, Scale, Step } from '../figure.js';
import { Helper, openHost } from '../helper.js';
import type { CrowdArgument, CrowdReport } from '../processes/crowd.js';

const PROCESSES = 3;

/** Thousands of clients are connected at once, and all of them are served. */
export const clients: Step = {
  name: 'clients',
  async run(scale: Scale): Promise<Figure[]> {
    const each = scale === 'full' ? 1_000 : 100;
    const { host, endpoint } = await openHost();
    try {
      const crowds = Array.from(
        { length: PROCESSES },
        () => new Helper('crowd', { endpoint, clients: each, rounds: 3 } satisfies CrowdArgument),
      );
      const reports = await Promise.all(crowds.map((crowd) => crowd.hear<CrowdReport>()));
      const served = reports.reduce((sum, report) => sum + report.served, 0);
      return [{ figure: 'clients served', value: served, unit: '', bar: PROCESSES * each, atLeast: true }];
    } finally {
      await host.end();
    }
  },
};
