import { SeededRng, SystemClock, silentLogger } from '#conclave/runtime/index.js';
import {
  BaseClient,
  BaseHandler,
  Command,
  InProcessTransport,
  ServiceHost,
} from '#conclave/service-framework/index.js';
import type { Calls, Contestant } from './contestant.js';
import { DecideRequest, VoteCommand } from './dto.js';
import { workloads } from './workloads.js';

export const COMMAND = 'bench.vote';
export const DECIDE = 'bench.decide';
const { command, decide } = workloads(true);

class BenchHandler extends BaseHandler {
  @Command(COMMAND, { request: VoteCommand, summary: 'Takes a vote.' })
  vote(_vote: VoteCommand): unknown {
    return command.reply;
  }

  @Command(DECIDE, { request: DecideRequest, summary: 'Decides.' })
  decide(_request: DecideRequest): unknown {
    return decide.reply;
  }
}

function newHost(): ServiceHost {
  const options = { name: 'bench', version: '1', clock: new SystemClock(), rng: new SeededRng(1) };
  return new ServiceHost({ ...options, logger: silentLogger() }).register(new BenchHandler());
}

function callsOf(client: BaseClient): Calls {
  return {
    command: () => client.call(COMMAND, command.request),
    decide: () => client.call(DECIDE, decide.request),
  };
}

/** ServiceHost and BaseClient as they come: deadline, validation, metrics. */
export const contestant: Contestant = {
  async serve() {
    return (await newHost().listen({ request: 'tcp://127.0.0.1:0' })).request;
  },
  async connect(address) {
    const client = new BaseClient({ endpoint: address });
    await client.whenConnected();
    return callsOf(client);
  },
};

/** The same in one process, without sockets. */
export async function inProcess(): Promise<{ readonly calls: Calls; close(): Promise<void> }> {
  const host = newHost();
  await host.start();
  const client = new BaseClient({ transport: new InProcessTransport(host) });
  return {
    calls: callsOf(client),
    async close() {
      await client.close();
      await host.drain('done');
    },
  };
}
