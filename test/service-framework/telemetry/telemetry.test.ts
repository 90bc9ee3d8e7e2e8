import { spawnSync } from 'node:child_process';
import { request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import fc from 'fast-check';
import { Registry } from 'prom-client';
import { silentLogger } from '#conclave/runtime/index.js';
import {
  createMetricsRegistry,
  EventLoopLag,
  formatTraceparent,
  LatencyHistogram,
  MetricsServer,
  parseTraceparent,
} from '#conclave/service-framework/telemetry/index.js';
import { errorOf, testHost } from '../support/test-host.js';

describe('LatencyHistogram', () => {
  it('gives quantiles at most 10 % above the truth, never below', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1, max: 1e8, noNaN: true }), { minLength: 1, maxLength: 300 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (values, fraction) => {
          const histogram = new LatencyHistogram();
          for (const value of values) histogram.record(value);
          const sorted = [...values].sort((a, b) => a - b);
          const truth = sorted[Math.max(0, Math.ceil(fraction * values.length) - 1)] ?? 0;
          expect(histogram.quantileUs(fraction)).to.be.within(truth * 0.999999, truth * 1.1);
        },
      ),
    );
  });

  it('knows nothing while empty, and takes absurd durations', () => {
    const histogram = new LatencyHistogram();
    expect(histogram.quantileUs(0.5)).to.equal(undefined);
    expect(histogram.meanUs).to.equal(0);
    for (const us of [0, -5, 1e15]) histogram.record(us);
    expect(histogram.count).to.equal(3);
    expect(histogram.quantileUs(0.1)).to.equal(1);
  });

  it('counts exactly at powers of two', () => {
    const histogram = new LatencyHistogram();
    for (const us of [15, 16, 17, 31, 32, 33]) histogram.record(us);
    expect([16, 32, 64].map((bound) => histogram.countBelow(bound))).to.deep.equal([2, 5, 6]);
  });
});

describe('EventLoopLag', () => {
  it('reads zero before it has seen anything, and numbers afterwards', async () => {
    const lag = new EventLoopLag();
    expect(lag.read()).to.deep.equal({ p50Ms: 0, p99Ms: 0, maxMs: 0 });
    lag.start();
    await new Promise((resolve) => setTimeout(resolve, 60));
    lag.stop();
    expect(lag.read().maxMs).to.be.at.least(0);
  });
});

describe('traceparent', () => {
  const text = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

  it('is read and written alike', () => {
    const context = parseTraceparent(text);
    expect(context).to.include({ traceFlags: 1, isRemote: true });
    expect(context && formatTraceparent(context)).to.equal(text);
  });

  it('that is malformed or empty is none', () => {
    for (const bad of [undefined, '', 'x', text.slice(1), `00-${'0'.repeat(32)}-b7ad6b7169203331-01`])
      expect(parseTraceparent(bad)).to.equal(undefined);
    expect(formatTraceparent({ traceId: '', spanId: '', traceFlags: 0 })).to.equal(undefined);
  });
});

async function get(url: string, method = 'GET'): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method }, (response) => {
      let body = '';
      response.on('data', (chunk) => (body += String(chunk)));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

describe('MetricsServer', () => {
  const logger = silentLogger();

  it('shows counts, errors and latencies per command, and the process', async () => {
    const { host } = testHost();
    await host.start();
    await host.call('test.echo', {});
    await errorOf(host.call('test.throw', { what: 'service' }));
    const server = new MetricsServer({ registry: createMetricsRegistry(host), logger, port: 0 });
    const url = await server.listen();
    expect(url).to.match(/^http:\/\/127\.0\.0\.1:\d+$/);
    const { status, body } = await get(`${url}/metrics`);
    expect(status).to.equal(200);
    for (const line of [
      'conclave_requests_total{command="test.echo"} 1',
      'conclave_errors_total{command="test.throw",code="NOT_FOUND"} 1',
      'conclave_request_seconds_count{command="test.echo"} 1',
      'conclave_request_seconds_bucket{command="test.echo",le="+Inf"} 1',
      'conclave_socket_received_total 0',
      'conclave_in_flight{command="test.echo"} 0',
      'conclave_queue{command="test.echo"} 0',
      'conclave_concurrency_limit{command="test.echo"} 64',
      'conclave_shed_total{command="test.echo"} 0',
      'conclave_queue_expired_total{command="test.echo"} 0',
      'conclave_held_bytes 0',
      '# TYPE conclave_socket_connections gauge',
      '# TYPE conclave_request_seconds histogram',
    ])
      expect(body).to.contain(line);
    expect(body).to.contain('process_resident_memory_bytes').and.contain('nodejs_eventloop_lag_seconds');
    await server.close();
    await host.drain('end of test');
  });

  it('are shown even when there is no file descriptor left', () => {
    const script = fileURLToPath(new URL('../support/metrics-at-limit.js', import.meta.url));
    const { stdout } = spawnSync('sh', ['-c', 'ulimit -n 128; exec "$0" "$1"', process.execPath, script], {
      encoding: 'utf8',
      timeout: 15_000,
    });
    expect(stdout).to.match(/^EMFILE after \d+\n/);
    expect(stdout)
      .to.contain('conclave_in_flight{command="test.echo"} 0')
      .and.contain('nodejs_eventloop_lag_seconds')
      // What the host says of itself needs none either.
      .and.match(/^\{"residentBytes":null,"heapUsedBytes":\d+,"externalBytes":\d+\}$/m);
  });

  it('tells a supervisor whether the service is ready', async () => {
    let ready = true;
    const server = new MetricsServer({
      registry: new Registry(),
      logger,
      port: 0,
      health: async () => ({ ready }),
    });
    const url = await server.listen();
    expect(await get(`${url}/healthz`)).to.deep.equal({ status: 200, body: '{"ready":true}\n' });
    ready = false;
    expect((await get(`${url}/healthz?x=1`)).status).to.equal(503);
    await server.close();
    await server.close();
  });

  it('answers what it does not know and what fails, and lives', async () => {
    const registry = new Registry();
    const server = new MetricsServer({
      registry,
      logger,
      port: 0,
      health: async () => {
        throw new Error('EMFILE');
      },
    });
    const url = await server.listen();
    expect((await get(`${url}/nothing`)).status).to.equal(404);
    expect((await get(`${url}/metrics`, 'POST')).status).to.equal(405);
    expect((await get(`${url}/metrics`, 'HEAD')).status).to.equal(200);
    expect((await get(`${url}/healthz`)).status).to.equal(500);
    await server.close();
  });

  it('refuses addresses that others can reach, and ports that are taken', async () => {
    const registry = new Registry();
    for (const bind of ['0.0.0.0', '::', '192.168.0.1'])
      expect(await errorOf(new MetricsServer({ registry, logger, port: 0, bind }).listen())).to.include({
        code: 'FAILED_PRECONDITION',
      });
    const first = new MetricsServer({ registry, logger, port: 0 });
    const port = Number((await first.listen()).split(':').at(-1));
    expect(await errorOf(new MetricsServer({ registry, logger, port }).listen())).to.include({
      code: 'FAILED_PRECONDITION',
      field: 'port',
    });
    await first.close();
  });
});
