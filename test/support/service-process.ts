import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { projectRoot } from './shared-data.js';

const MAIN = join(projectRoot, 'dist', 'ml-service', 'main.js');

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

/** The real service as a process of its own. */
export interface ServiceProcess {
  readonly pid: number;
  readonly endpoints: { readonly request: string; readonly events: string; readonly metrics: string };
  signal(signal: NodeJS.Signals): void;
  exited(): Promise<Exit>;
}

/** Processes started and not seen to end; none may outlive its test. */
const running = new Set<ChildProcess>();

/** Ends whatever a test left behind; call it in `afterEach`. */
export function killLeftovers(): void {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
}

/** A folder that the test removes with `removeFolder`. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'conclave-test-'));
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

interface Spawned {
  readonly child: ChildProcess;
  readonly exited: Promise<Exit>;
}

function spawnMain(args: readonly string[], env: NodeJS.ProcessEnv = {}): Spawned {
  const child = spawn(process.execPath, [MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  running.add(child);
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const exited = once(child, 'close').then(([code, signal]) => {
    running.delete(child);
    return { code: code as number | null, signal: signal as NodeJS.Signals | null, stderr };
  });
  return { child, exited };
}

/** Runs the service to its end, for starts that must fail. */
export async function runToEnd(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Exit> {
  const { child, exited } = spawnMain(args, env);
  child.stdout?.resume();
  return exited;
}

/** Starts the service on free loopback ports; resolves when it says that it is ready. */
export async function startService(dataDir: string, more: readonly string[] = []): Promise<ServiceProcess> {
  const { child, exited } = spawnMain([
    ...['--data-dir', dataDir, '--bind', 'tcp://127.0.0.1:0', '--metrics-port', '0', '--seed', '5'],
    // However busy the machine: an expert that is late abstains, and then the decisions are others.
    ...(more.includes('--expert-timeout-ms') ? [] : ['--expert-timeout-ms', '30000']),
    ...['--log-level', 'warn', ...more],
  ]);
  if (!child.stdout) throw new Error('no stdout');
  for await (const line of createInterface({ input: child.stdout })) {
    const ready = JSON.parse(line) as { ready: boolean; endpoints: ServiceProcess['endpoints']; pid: number };
    child.stdout.resume();
    return {
      pid: ready.pid,
      endpoints: ready.endpoints,
      signal: (signal) => child.kill(signal),
      exited: () => exited,
    };
  }
  const { code, stderr } = await exited;
  throw new Error(`the service ended with ${code} before it was ready: ${stderr}`);
}

/** Drains the service and expects it to end well. */
export async function stopService(service: ServiceProcess): Promise<void> {
  service.signal('SIGTERM');
  const { code, signal, stderr } = await service.exited();
  if (code !== 0) throw new Error(`the service ended with ${code ?? signal}: ${stderr}`);
}
