import { resolve } from 'node:path';
import { invalidArgument, ServiceError } from '../../runtime/index.js';
import { ISOLATIONS, IsolatedHandler, type Isolation } from '../../service-framework/index.js';
import { checkDistinct, discoverExperts } from './discover.js';
import type { ExpertHandler } from './expert-handler.js';
import { type ExpertSeat, type IsolationTools, isolateSeat, seatOfIsolatedFile } from './seat.js';

/** Who sits in the committee, as configured. */
export interface RecruitOptions {
  readonly files: readonly string[];
  /** Each loaded in a process of its own only. */
  readonly isolatedFiles: readonly string[];
  /** Ids of those that stay out. */
  readonly disabled: readonly string[];
  /** `id=inline`, `id=worker` or `id=process`. */
  readonly isolation: readonly string[];
}

/**
 * The experts of the committee, each where it is to live. Those in threads and processes run already.
 * @throws ServiceError INVALID_ARGUMENT for a file without expert or a setting that names none; ALREADY_EXISTS when
 *   two experts have one id
 */
export async function recruitExperts(
  options: RecruitOptions,
  given: readonly ExpertHandler[],
  tools: IsolationTools,
): Promise<ExpertSeat[]> {
  const found = await discoverExperts(options.files, given);
  const isolation = isolationOf(options.isolation);
  checkKnown('experts.isolation', [...isolation.keys()], found);
  const seats: ExpertSeat[] = [];
  try {
    for (const file of options.isolatedFiles) {
      const seat = await seatOfIsolatedFile(resolve(file), tools);
      seats.push(seat);
      checkDistinct([...found, ...seats]);
    }
    checkKnown('experts.disabled', options.disabled, [...found, ...seats]);
    for (const seat of found) {
      if (options.disabled.includes(seat.expert)) continue;
      seats.push(await isolateSeat(seat, isolation.get(seat.expert) ?? 'inline', tools));
    }
    const kept = seats.filter(({ expert }) => !options.disabled.includes(expert));
    await dismissExperts(seats.filter((seat) => !kept.includes(seat)));
    return kept;
  } catch (thrown) {
    await dismissExperts(seats);
    throw thrown;
  }
}

/** Ends the threads and processes of experts; their host does so only once it has started. */
export async function dismissExperts(seats: readonly ExpertSeat[]): Promise<void> {
  for (const { handler } of seats) if (handler instanceof IsolatedHandler) await handler.stop();
}

function isolationOf(settings: readonly string[]): Map<string, Isolation> {
  const known = new Map<string, Isolation>();
  for (const setting of settings) {
    const [id = '', where] = setting.split('=');
    const isolation = ISOLATIONS.find((name) => name === where);
    if (isolation === undefined)
      throw invalidArgument('experts.isolation', setting, `<expert>=${ISOLATIONS.join(' | ')}`);
    known.set(id, isolation);
  }
  return known;
}

function checkKnown(
  field: string,
  named: readonly string[],
  experts: readonly { readonly expert: string }[],
): void {
  for (const id of named) {
    if (experts.some(({ expert }) => expert === id)) continue;
    const ids = experts.map(({ expert }) => expert).join(', ');
    throw new ServiceError('INVALID_ARGUMENT', `${field}: "${id}"; must be one of ${ids}`, { field });
  }
}
