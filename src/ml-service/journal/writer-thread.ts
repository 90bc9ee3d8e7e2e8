import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { ServiceError } from '../../runtime/index.js';
import { GroupWriter } from './group-writer.js';
import { HeadFile } from './head-file.js';
import { SqlDatabase } from './sql-database.js';
import { WriterLoop } from './writer-loop.js';
import type { WriterReply, WriterRequest, WriterStart } from './writer-messages.js';

/** Entry point of the writer thread; started by WriterClient with a WriterStart. */
const port = parentPort;
if (port === null)
  throw new ServiceError('FAILED_PRECONDITION', 'writer-thread: runs only as a worker thread');
const start = workerData as WriterStart;
const send = (reply: WriterReply): void => port.postMessage(reply);

const database = new SqlDatabase(start.database);
const headFile = new HeadFile(start.headFile, start.journalId, start.end);
const loop = new WriterLoop(new GroupWriter(database, start.end), headFile, send);

function drainPort(): void {
  if (port === null) return;
  for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port))
    loop.take(next.message as WriterRequest);
}

port.on('message', (request: WriterRequest) => {
  loop.take(request);
  do drainPort();
  while (loop.step());
  loop.tidy();
  if (!loop.closing) return;
  loop.finish();
  // After an I/O error closing would copy the log once more, and a second try may wrongly succeed.
  if (!loop.failed) database.close();
  headFile.close();
  send({ type: 'closed' });
  port.close();
});
send({ type: 'ready' });
