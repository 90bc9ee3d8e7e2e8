import {
  type Answerer,
  type BaseHandler,
  type CommandSpec,
  commandSchemasOf,
  compileValidator,
  type RequestContext,
  type Validator,
} from '../../handler/index.js';
import { decodeBody, type EncodedPayload, type ProtocolLimits } from '../../protocol/index.js';
import type { ReportedCommand } from '../messages.js';

/** A command on the side where its classes are: checks payloads and answers. */
export class IsolatedCommand {
  readonly #validator: Validator<object> | undefined;

  constructor(
    readonly spec: CommandSpec,
    readonly answer: Answerer,
  ) {
    this.#validator = spec.request && compileValidator(spec.request);
  }

  /** @throws ServiceError INVALID_ARGUMENT, as the host's own check would */
  payload(encoded: EncodedPayload | undefined, limits: ProtocolLimits): unknown {
    if (!this.#validator) return undefined;
    if (!encoded) return this.#validator.validate({});
    const plain = decodeBody(encoded.codec, encoded.bytes, { limits, allowNonFinite: true });
    return this.#validator.validate(plain === undefined ? {} : plain);
  }

  run(payload: unknown, context: RequestContext): unknown {
    return this.answer(this.spec.name, payload, context);
  }
}

/** The commands of a handler as its host needs to know them. */
export function reportCommands(handler: BaseHandler): ReportedCommand[] {
  return handler.getCommands().map((spec) => {
    const { name, summary, key, roles, reserved, concurrency } = spec;
    return {
      name,
      summary,
      ...commandSchemasOf(spec),
      ...(key === undefined ? {} : { key }),
      ...(roles === undefined ? {} : { roles }),
      ...(reserved === undefined ? {} : { reserved }),
      ...(concurrency === undefined ? {} : { concurrency }),
    };
  });
}
