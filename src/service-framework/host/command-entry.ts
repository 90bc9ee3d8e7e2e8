import { type BaseHandler, type CommandSpec, compileValidator, type Validator } from '../handler/index.js';
import { CommandCounters } from '../telemetry/index.js';
import type { InboundRequest } from '../transport/index.js';
import { composeInterceptors, type HandlerStep, type HostInterceptor } from './interceptor.js';

/** A registered command: who answers it, how its payload is checked, what it has done so far. */
export class CommandEntry {
  readonly counters: CommandCounters;
  readonly invoke: HandlerStep;
  readonly #validator: Validator<object> | undefined;

  constructor(
    readonly spec: CommandSpec,
    readonly handler: BaseHandler,
    interceptors: readonly HostInterceptor[],
  ) {
    this.counters = new CommandCounters(spec.name);
    this.#validator = spec.request && compileValidator(spec.request);
    this.invoke = composeInterceptors(interceptors, (call) =>
      handler.handleRequest(spec.name, call.payload, call.context),
    );
  }

  /**
   * The checked payload. A command without request class takes none: what was sent is not even
   * decoded. An absent body counts as an empty one, so that the error names the missing field.
   *
   * @throws ServiceError INVALID_ARGUMENT
   */
  payload(request: InboundRequest): unknown {
    if (!this.#validator) return undefined;
    const plain = request.decode();
    return this.#validator.validate(plain === undefined ? {} : plain);
  }
}
