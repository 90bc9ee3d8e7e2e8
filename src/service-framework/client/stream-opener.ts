import type { CallReply, OutgoingStream, StreamControl, Transport } from '../transport/index.js';
import { type ClientInterceptor, composeClientInterceptors } from './interceptor.js';

/** Opens a stream: items are told one by one, the promise is that of the reply that ends it. */
export type OpenStream = (
  call: OutgoingStream,
  item: (body: unknown) => void,
  control: (control: StreamControl) => void,
) => Promise<CallReply>;

/** The way to the host through the interceptors, which see a stream as a call that takes long. */
export function streamOpener(transport: Transport, interceptors: readonly ClientInterceptor[]): OpenStream {
  return (call, item, control) => {
    const { credit } = call;
    const step = composeClientInterceptors(
      interceptors,
      (inner) =>
        new Promise<CallReply>((replied, failed) => {
          control(transport.stream({ ...inner, credit }, { item, replied, failed }));
        }),
    );
    return step(call);
  };
}
