import { fileURLToPath } from 'node:url';
import grpc from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

const proto = fileURLToPath(new URL('bench.proto', import.meta.url));
const { Bench } = grpc.loadPackageDefinition(loadSync(proto, { keepCase: true, defaults: true })).bench;
const BYTES = 8 * 1024 * 1024;

/** HTTP/2, protobuf with packed doubles; its usual validation is that of the types. */
export const contestant = {
  async serve({ command, decide }) {
    const server = new grpc.Server({ 'grpc.max_receive_message_length': BYTES });
    server.addService(Bench.service, {
      Command: (_call, answer) => answer(null, command.reply),
      Decide: (_call, answer) => answer(null, decide.reply),
    });
    const port = await new Promise((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
    return `127.0.0.1:${port}`;
  },
  async connect(address, { command, decide }) {
    const client = new Bench(address, grpc.credentials.createInsecure());
    const unary = (method, payload) => () =>
      new Promise((resolve, reject) => {
        const deadline = Date.now() + 5000;
        client[method](payload, { deadline }, (error, reply) => (error ? reject(error) : resolve(reply)));
      });
    return { command: unary('Command', command.request), decide: unary('Decide', decide.request) };
  },
};
