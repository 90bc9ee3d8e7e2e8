import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Folder of `bench/peers`, from build/bench/kernels. */
const PEERS = join(import.meta.dirname, '..', '..', '..', 'bench', 'peers');
const PACKAGES = join(PEERS, 'node_modules');
const OUT = join(import.meta.dirname, 'native');

/** What TA-Lib is compiled with, as the issue of the figures asks. */
export const C_FLAGS: readonly string[] = ['-O3', '-fPIC', '-w'];

const require = createRequire(import.meta.url);

/** TA-Lib over the memory of Float64Arrays. */
export interface TaLib {
  call(
    name: string,
    bars: readonly Float64Array[],
    parameters: readonly number[],
    outputs: readonly Float64Array[],
  ): void;
}

/** An indicator of tulind: inputs and outputs are arrays of plain arrays. */
export interface TulindModule {
  readonly indicators: Readonly<Record<string, { readonly index: number }>>;
  callbyindex(
    index: number,
    inputs: readonly (readonly number[])[],
    options: readonly number[],
    callback: (error: unknown, outputs: number[][]) => void,
  ): void;
}

/** Compiles TA-Lib, from the source in the package `talib-binding`, and the shim beside the peers. */
export function loadTaLib(): TaLib {
  const source = join(PACKAGES, 'talib-binding', 'ta-lib', 'c');
  const folders = ['ta_func', 'ta_common'].map((name) => join(source, 'src', name));
  const files = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.c'))
      .map((name) => join(folder, name)),
  );
  const includes = [join(source, 'include'), ...folders, nodeHeaders()];
  return compile('cc', 'talib', [join(PEERS, 'talib.c'), ...files], includes) as TaLib;
}

/** Compiles the addon of the package `tulind` as its own build file would, with -O3. */
export function loadTulind(): TulindModule {
  const source = join(PACKAGES, 'tulind');
  const nan = join(PACKAGES, 'nan');
  const object = join(OUT, 'tulip.o');
  mkdirSync(OUT, { recursive: true });
  run('cc', [...C_FLAGS, '-c', join(source, 'external', 'tiamalgamation.c'), '-o', object]);
  const files = [join(source, 'tulind.cpp'), object];
  return compile('c++', 'tulind', files, [nodeHeaders(), nan, source]) as TulindModule;
}

function compile(compiler: string, name: string, files: readonly string[], includes: readonly string[]) {
  mkdirSync(OUT, { recursive: true });
  const library = join(OUT, `${name}.node`);
  const shared = process.platform === 'darwin' ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared'];
  const defines = [`-DNODE_GYP_MODULE_NAME=${name}`, '-DBUILDING_NODE_EXTENSION'];
  const headers = includes.map((folder) => `-I${folder}`);
  run(compiler, [...C_FLAGS, ...shared, ...defines, ...headers, ...files, '-o', library, '-lm']);
  return require(library) as unknown;
}

function run(command: string, args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} failed: ${error?.message ?? stderr}`);
}

/** Node's own headers come with it. */
function nodeHeaders(): string {
  const folder = join(dirname(dirname(process.execPath)), 'include', 'node');
  if (!existsSync(join(folder, 'node_api.h'))) throw new Error(`no headers of Node.js in ${folder}`);
  return folder;
}
