// Runs every check of the project and closes with one line: `N passed, N failed, N skipped`.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';

/** Runs a command, shows its output, and hands it back. */
function run(command, args) {
  return new Promise((resolve) => {
    // Colours would stand between the numbers and whoever counts them; some tools colour for CI.
    const env = { ...process.env, NO_COLOR: '1', CARGO_TERM_COLOR: 'never', FORCE_COLOR: undefined };
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
    let output = '';
    for (const [from, to] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ]) {
      from.setEncoding('utf8').on('data', (text) => {
        output += text;
        to.write(text);
      });
    }
    child.on('error', (error) => resolve({ ok: false, output: String(error) }));
    child.on('close', (code) => resolve({ ok: code === 0, output }));
  });
}

/** A check without a count of its own: it passes or fails as one. */
const asOne = (_output, ok) => ({ passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 });

function sumOf(output, pattern) {
  return [...output.matchAll(pattern)].reduce((total, match) => total + Number(match[1]), 0);
}

function cargoCounts(output, ok) {
  const failed = sumOf(output, /test result: .*? (\d+) failed/g);
  return {
    passed: sumOf(output, /test result: .*? (\d+) passed/g),
    failed: ok ? failed : Math.max(1, failed),
    skipped: sumOf(output, /test result: .*? (\d+) ignored/g),
  };
}

function mochaCounts(output, ok) {
  const failed = sumOf(output, /^ {2}(\d+) failing/gm);
  return {
    passed: sumOf(output, /^ {2}(\d+) passing/gm),
    failed: ok ? failed : Math.max(1, failed),
    skipped: sumOf(output, /^ {2}(\d+) pending/gm),
  };
}

const CHECKS = [
  ['format and lint', 'npx', ['biome', 'check', '.'], asOne],
  ['Rust format', 'cargo', ['fmt', '--check'], asOne],
  ['clippy', 'cargo', ['clippy', '--release', '--all-targets', '--locked', '--', '-D', 'warnings'], asOne],
  ['Rust tests', 'cargo', ['test', '--release', '--locked'], cargoCounts],
  ['TypeScript tests', 'npx', ['mocha', '--no-color', '--reporter', 'spec'], mochaCounts],
];

const total = { passed: 0, failed: 0, skipped: 0 };
const broken = [];
for (const [name, command, args, countsOf] of CHECKS) {
  console.log(`\n=== ${name}`);
  const { ok, output } = await run(command, args);
  const counts = countsOf(output, ok);
  for (const key of Object.keys(total)) total[key] += counts[key];
  if (counts.failed > 0) broken.push(name);
}

const line = `${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`;
mkdirSync('build', { recursive: true });
writeFileSync('build/test-summary.txt', `${line}\n`);
if (broken.length > 0) console.log(`\nfailed: ${broken.join(', ')}`);
console.log(`\n${line}`);
process.exitCode = broken.length > 0 ? 1 : 0;
