import { BaseClient } from '#conclave/service-framework/client/index.js';
import { errorOf } from './test-host.js';

/** A client as a process of its own: one call, then it closes and must end by itself. Argument: endpoint. */
const client = new BaseClient({ endpoint: process.argv[2] ?? '', connectTimeoutMs: 50, retry: false });
const { code } = await errorOf(client.call('test.hang', { body: 'x'.repeat(100_000) }, { timeoutMs: 100 }));
await client.close();
process.stdout.write(`${code}\n`);
