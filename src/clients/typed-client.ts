import type { MlServiceCommand, MlServiceCommands, MlServiceStreams } from '../ml-service/index.js';
import type { BaseClient, CallOptions, ReplyStream, StreamOptions } from '../service-framework/index.js';

/** What a command is asked with; `undefined` for those without a payload. */
export type RequestOf<C extends MlServiceCommand> = Plain<MlServiceCommands[C]['request']>;
/** What a command answers. */
export type ResponseOf<C extends MlServiceCommand> = Plain<MlServiceCommands[C]['response']>;

type MlServiceStream = keyof MlServiceStreams;
/** What a streaming command is asked with. */
export type StreamRequestOf<C extends MlServiceStream> = Plain<MlServiceStreams[C]['request']>;
/** What a streaming command answers: its items, and the reply that ends them. */
export type StreamOf<C extends MlServiceStream> = ReplyStream<
  Plain<MlServiceStreams[C]['item']>,
  Plain<MlServiceStreams[C]['response']>
>;

/** A DTO as plain data, so that callers write object literals instead of constructing classes. */
export type Plain<T> = unknown extends T
  ? T
  : T extends Float64Array | string | number | boolean | undefined
    ? T
    : T extends readonly (infer E)[]
      ? Plain<E>[]
      : { [K in keyof T]: Plain<T[K]> };

/** Calls any command of the ml-service, typed by its DTOs. */
export class TypedClient {
  protected readonly client: BaseClient;

  constructor(client: BaseClient) {
    this.client = client;
  }

  /** @throws ServiceError whatever the command ends with */
  call<C extends MlServiceCommand>(
    command: C,
    ...[request, options]: RequestOf<C> extends undefined
      ? [request?: undefined, options?: CallOptions]
      : [request: RequestOf<C>, options?: CallOptions]
  ): Promise<ResponseOf<C>> {
    return this.client.call<ResponseOf<C>>(command, request, options);
  }

  /** Calls a command whose reply is a stream. @throws ServiceError INVALID_ARGUMENT for bad options */
  stream<C extends MlServiceStream>(
    command: C,
    request: StreamRequestOf<C>,
    options?: StreamOptions,
  ): StreamOf<C> {
    return this.client.stream(command, request, options);
  }

  /** Ends the connection; calls still running are rejected. */
  close(): Promise<void> {
    return this.client.close();
  }
}
