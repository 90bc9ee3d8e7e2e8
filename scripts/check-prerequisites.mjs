// Says in one line which tool is missing or too old, before anything fails in the middle.
import { spawnSync } from 'node:child_process';

const NODE = [20, 19];
const RUST = [1, 89];

function versionOf(command, args) {
  const run = spawnSync(command, args, { encoding: 'utf8' });
  if (run.error || run.status !== 0) return undefined;
  const match = /(\d+)\.(\d+)/.exec(run.stdout + run.stderr);
  return match ? [Number(match[1]), Number(match[2])] : undefined;
}

function older(version, least) {
  return version[0] < least[0] || (version[0] === least[0] && version[1] < least[1]);
}

const missing = [];
const node = process.versions.node.split('.').map(Number);
if (older(node, NODE))
  missing.push(`Node.js ${NODE.join('.')} or newer (this is ${process.versions.node}; https://nodejs.org)`);
if (!versionOf('npm', ['--version'])) missing.push('npm (it comes with Node.js; https://nodejs.org)');
const rust = versionOf('cargo', ['--version']);
if (!rust) missing.push(`Rust ${RUST.join('.')} or newer (https://rustup.rs)`);
else if (older(rust, RUST))
  missing.push(`Rust ${RUST.join('.')} or newer (this is ${rust.join('.')}; run: rustup update)`);
if (!versionOf('cc', ['--version']))
  missing.push('a C compiler named cc (Debian: apt install build-essential; macOS: xcode-select --install)');

if (missing.length > 0) {
  console.error(`missing: ${missing.join('; ')}`);
  process.exit(1);
}
