import { ServiceError } from '../../runtime/index.js';
import { BaseHandler } from '../handler/index.js';
import type { HandlerSource } from './messages.js';

type Maker = (options: unknown) => unknown;

/**
 * Imports a module and makes its handler.
 *
 * @throws ServiceError FAILED_PRECONDITION when the module cannot be loaded or makes no handler
 */
export async function loadModule(source: HandlerSource): Promise<BaseHandler> {
  const { moduleUrl, exportName, options } = source;
  let module: Readonly<Record<string, unknown>>;
  try {
    module = (await import(moduleUrl)) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    throw refused(`cannot load ${moduleUrl}: ${cause instanceof Error ? cause.message : cause}`, cause);
  }
  const exported = exportName === undefined ? onlyHandlerClass(moduleUrl, module) : module[exportName];
  if (typeof exported !== 'function')
    throw refused(`${moduleUrl} exports no class or function ${JSON.stringify(exportName)}`);
  const made: unknown = isHandlerClass(exported) ? new exported(options) : await (exported as Maker)(options);
  if (made instanceof BaseHandler) return made;
  throw refused(`${moduleUrl}: ${exportName ?? 'its export'} makes no BaseHandler`);
}

type HandlerClass = new (options: unknown) => BaseHandler;

function isHandlerClass(exported: unknown): exported is HandlerClass {
  return typeof exported === 'function' && exported.prototype instanceof BaseHandler;
}

function onlyHandlerClass(moduleUrl: string, module: Readonly<Record<string, unknown>>): HandlerClass {
  const found = Object.values(module).filter(isHandlerClass);
  const [only] = found;
  if (only && found.length === 1) return only;
  throw refused(`${moduleUrl} exports ${found.length} handler classes; name one with exportName`);
}

function refused(message: string, cause?: unknown): ServiceError {
  return new ServiceError('FAILED_PRECONDITION', message, { field: 'module', cause });
}
