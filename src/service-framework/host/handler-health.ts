import type { BaseHandler, HandlerHealth } from '../handler/index.js';

/** A handler's health; one that throws while being asked is not ready. */
export function healthOf(handler: BaseHandler, started: boolean): HandlerHealth & { handler: string } {
  const name = handler.handlerName ?? handler.constructor.name;
  if (!started) return { handler: name, ready: false, detail: 'not started' };
  try {
    return { handler: name, ...(handler.health?.() ?? { ready: true }) };
  } catch (error) {
    return { handler: name, ready: false, detail: `its health check threw: ${(error as Error).message}` };
  }
}
