import {
  type Answerer,
  type CommandSpec,
  compileValidator,
  ForwardedPayload,
  isStreaming,
  type PayloadSource,
  type Validator,
} from '../handler/index.js';
import { CommandCounters } from '../telemetry/index.js';
import { composeInterceptors, type HandlerStep, type HostInterceptor } from './interceptor.js';
import { CommandLane, ConcurrencyLimit, type ConcurrencyLimitOptions } from './overload/index.js';

/** A registered command: who answers it, how its payload is checked, what it has done so far. */
export class CommandEntry {
  readonly counters: CommandCounters;
  readonly lane: CommandLane;
  readonly invoke: HandlerStep;
  /** Its reply is a stream of items. */
  readonly streams: boolean;
  readonly #validator: Validator<object> | undefined;

  constructor(
    readonly spec: CommandSpec,
    answer: Answerer,
    interceptors: readonly HostInterceptor[],
    concurrency: ConcurrencyLimitOptions,
  ) {
    const limit = new ConcurrencyLimit(concurrency);
    this.counters = new CommandCounters(spec.name, limit);
    this.lane = new CommandLane(this.counters, limit);
    this.streams = isStreaming(spec);
    this.#validator = spec.request && compileValidator(spec.request);
    this.invoke = composeInterceptors(interceptors, (call) => answer(spec.name, call.payload, call.context));
  }

  /**
   * The checked payload. A command without request class takes none: what was sent is not even
   * decoded. An absent body counts as an empty one, so that the error names the missing field. What is
   * forwarded is checked where it arrives.
   *
   * @throws ServiceError INVALID_ARGUMENT
   */
  payload(source: PayloadSource): unknown {
    if (this.spec.forward) return new ForwardedPayload(source);
    if (!this.#validator) return undefined;
    const plain = source.decode();
    return this.#validator.validate(plain === undefined ? {} : plain);
  }
}
