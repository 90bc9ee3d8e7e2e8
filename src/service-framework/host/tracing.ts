import { types } from 'node:util';
import {
  context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { ServiceError } from '../../runtime/index.js';
import { isStreaming } from '../handler/index.js';
import { parseTraceparent } from '../telemetry/index.js';
import type { HostInterceptor } from './interceptor.js';

/** A server span around every handler, a child of the caller's trace where the request carries one. */
export function hostTracing(tracer: Tracer): HostInterceptor {
  return (next) => (call) => {
    const remote = parseTraceparent(call.context.traceparent);
    const parent = remote ? trace.setSpanContext(ROOT_CONTEXT, remote) : ROOT_CONTEXT;
    const span = tracer.startSpan(
      call.spec.name,
      { kind: SpanKind.SERVER, attributes: { 'rpc.system': 'conclave', 'rpc.method': call.spec.name } },
      parent,
    );
    return context.with(trace.setSpan(parent, span), () => {
      try {
        const result = next(call);
        if (isStreaming(call.spec)) return traced(result, span);
        if (!types.isPromise(result)) {
          span.end();
          return result;
        }
        return result.then(
          (body) => {
            span.end();
            return body;
          },
          (thrown) => {
            fail(span, thrown);
            throw thrown;
          },
        );
      } catch (thrown) {
        fail(span, thrown);
        throw thrown;
      }
    });
  };
}

/** A stream's span lasts until its last item. */
async function* traced(source: unknown, span: Span): AsyncGenerator<unknown, unknown> {
  let thrown: unknown;
  try {
    return yield* (await source) as AsyncIterable<unknown>;
  } catch (error) {
    thrown = error;
    throw error;
  } finally {
    if (thrown === undefined) span.end();
    else fail(span, thrown);
  }
}

function fail(span: Span, thrown: unknown): void {
  span.setStatus({ code: SpanStatusCode.ERROR, message: ServiceError.from(thrown).code });
  span.end();
}
