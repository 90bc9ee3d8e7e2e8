import { pathToFileURL } from 'node:url';
import { type Clock, type Logger, type Rng, ServiceError } from '../../runtime/index.js';
import { type BaseHandler, IsolatedHandler, type Isolation } from '../../service-framework/index.js';
import type { ExpertHandler } from './expert-handler.js';

/** An expert as the committee needs it: who it is, the command it answers, and the handler that answers it. */
export interface ExpertSeat {
  readonly expert: string;
  readonly version: string;
  readonly command: string;
  readonly handler: BaseHandler;
  /** Where its class is found; absent for one that was given as an object. */
  readonly origin?: { readonly file: string; readonly exportName: string };
}

/** What an expert in a thread or process of its own is run with. */
export interface IsolationTools {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly logger: Logger;
}

export function seatOf(handler: ExpertHandler, origin?: ExpertSeat['origin']): ExpertSeat {
  const { expert, version, command } = handler;
  return { expert, version, command, handler, ...(origin === undefined ? {} : { origin }) };
}

/**
 * The same expert in a thread or process of its own. It is not essential: while it is down it abstains.
 * @throws ServiceError INVALID_ARGUMENT for an expert that has no file to be loaded from there
 */
export async function isolateSeat(
  seat: ExpertSeat,
  isolation: Isolation,
  tools: IsolationTools,
): Promise<ExpertSeat> {
  if (isolation === 'inline') return seat;
  if (!seat.origin) {
    throw new ServiceError('INVALID_ARGUMENT', `experts.isolation: "${seat.expert}" comes from no file`, {
      field: 'experts.isolation',
    });
  }
  const { file, exportName } = seat.origin;
  const module = pathToFileURL(file);
  const options = { ...tools, module, exportName, isolation, name: seat.expert, essential: false };
  return { ...seat, handler: await IsolatedHandler.load(options) };
}

/**
 * The expert of a file that is never loaded into this process, only into one of its own.
 * @throws ServiceError when the file makes no expert
 */
export async function seatOfIsolatedFile(file: string, tools: IsolationTools): Promise<ExpertSeat> {
  const handler = await IsolatedHandler.load({
    ...tools,
    module: pathToFileURL(file),
    isolation: 'process',
    essential: false,
    report: ['expert', 'version', 'command'],
  });
  const { expert, version, command } = handler.reported;
  if (typeof expert === 'string' && typeof version === 'string' && typeof command === 'string')
    return { expert, version, command, handler };
  await handler.stop();
  throw new ServiceError('INVALID_ARGUMENT', `${file}: exports no class that extends ExpertHandler`, {
    field: 'experts.isolatedFiles',
  });
}
