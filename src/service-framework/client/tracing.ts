import { SpanKind, SpanStatusCode, type Tracer } from '@opentelemetry/api';
import { ServiceError } from '../../runtime/index.js';
import { formatTraceparent } from '../telemetry/index.js';
import type { ClientInterceptor } from './interceptor.js';

/** A client span around every try, whose context travels with the request. */
export function clientTracing(tracer: Tracer): ClientInterceptor {
  return (next) => async (call) => {
    const span = tracer.startSpan(call.command, {
      kind: SpanKind.CLIENT,
      attributes: { 'rpc.system': 'conclave', 'rpc.method': call.command },
    });
    try {
      return await next({ ...call, traceparent: call.traceparent ?? formatTraceparent(span.spanContext()) });
    } catch (thrown) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: ServiceError.from(thrown).code });
      throw thrown;
    } finally {
      span.end();
    }
  };
}
