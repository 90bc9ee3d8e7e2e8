import { spawn } from 'node:child_process';
import { connect } from '@nats-io/transport-node';
import { freePort } from './free-port.mjs';

/** Request and reply through a NATS server, JSON; it validates nothing by itself. */
export const contestant = {
  async serve({ command, decide }) {
    const port = await freePort();
    const server = spawn('nats-server', ['-a', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
    process.on('exit', () => server.kill());
    process.on('SIGTERM', () => process.exit(0));
    const servers = `127.0.0.1:${port}`;
    const connection = await connect({
      servers,
      maxReconnectAttempts: 50,
      reconnectTimeWait: 100,
      waitOnFirstConnect: true,
    });
    const answer = (subject, reply) =>
      connection.subscribe(subject, {
        callback: (_error, message) => {
          message.json();
          message.respond(JSON.stringify(reply));
        },
      });
    answer('command', command.reply);
    answer('decide', decide.reply);
    await connection.flush();
    return servers;
  },
  async connect(address, { command, decide }) {
    const connection = await connect({ servers: address });
    const ask = (subject, payload) => async () =>
      (await connection.request(subject, JSON.stringify(payload), { timeout: 5000 })).json();
    return { command: ask('command', command.request), decide: ask('decide', decide.request) };
  },
};
