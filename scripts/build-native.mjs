// Builds the Rust addon and puts it where src/fastcalc loads it from: dist/native/fastcalc.node.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
// Cargo itself says where the library is: its folder depends on settings this script cannot see.
const build = spawnSync(
  'cargo',
  ['build', '--release', '--locked', '-p', 'fastcalc-node', '--message-format', 'json-render-diagnostics'],
  { cwd: root, stdio: ['inherit', 'pipe', 'inherit'], encoding: 'utf8', maxBuffer: Number.POSITIVE_INFINITY },
);
if (build.error) {
  console.error(`cannot run cargo (${build.error.message}): install Rust 1.89 or newer, https://rustup.rs`);
  process.exit(1);
}
if (build.status !== 0) process.exit(build.status ?? 1);

const library = build.stdout
  .split('\n')
  .filter((line) => line.startsWith('{'))
  .map((line) => JSON.parse(line))
  .filter((message) => message.reason === 'compiler-artifact' && message.target.name === 'fastcalc_node')
  .flatMap((message) => message.filenames)
  .find((file) => /\.(so|dylib|dll)$/.test(file));
if (library === undefined) {
  console.error('cargo built no library for fastcalc-node');
  process.exit(1);
}
const out = join(root, 'dist', 'native');
mkdirSync(out, { recursive: true });
// Rename, not overwrite: a running process may have the old file mapped.
copyFileSync(library, join(out, 'fastcalc.node.tmp'));
renameSync(join(out, 'fastcalc.node.tmp'), join(out, 'fastcalc.node'));
