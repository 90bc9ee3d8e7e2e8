import type { BaseHandler } from '../handler/index.js';
import { IsolatedHandler } from './isolated-handler.js';
import type { IsolatedHandlerOptions } from './isolated-handler-options.js';
import { loadModule } from './load-module.js';

/**
 * A handler from a module, wherever it is to live; which of the three is configuration:
 *
 *     host.register(
 *       await loadHandler({
 *         module: new URL('./scorer.js', import.meta.url),
 *         options: { model: 'scorer.onnx' },
 *         isolation: 'process',
 *         clock, rng, logger,
 *       }),
 *     );
 *
 * @throws ServiceError as {@link IsolatedHandler.load}
 */
export function loadHandler(options: IsolatedHandlerOptions): Promise<BaseHandler> {
  if (options.isolation !== 'inline') return IsolatedHandler.load(options);
  const { module, exportName, report = [] } = options;
  return loadModule({ moduleUrl: String(module), exportName, options: options.options, report });
}
