import type { Logger } from '../../runtime/index.js';
import type { AnswerObserver } from '../transport/index.js';

/** A debug line for each answered request; nothing at all when debug lines are off. */
export function requestLog(logger: Logger): readonly AnswerObserver[] {
  if (!logger.isLevelEnabled('debug')) return [];
  return [
    ({ request, outcome, elapsedUs }) => {
      logger.debug(
        {
          command: request.command,
          requestId: request.id,
          role: request.role,
          code: outcome.ok ? 'OK' : outcome.error.code,
          us: Math.round(elapsedUs),
          ...(request.key === undefined ? {} : { key: request.key }),
          ...(request.traceparent === undefined ? {} : { traceparent: request.traceparent }),
        },
        'answered',
      );
    },
  ];
}
