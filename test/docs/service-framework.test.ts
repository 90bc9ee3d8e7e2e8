import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { projectRoot } from '../support/shared-data.js';

const page = readFileSync(join(projectRoot, 'docs/service-framework.md'), 'utf8');

/** Contents of the fenced blocks of a language, in order. */
function blocks(language: string): string[] {
  const fenced = [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)];
  return fenced.filter(([, named]) => named === language).map(([, , code]) => code ?? '');
}

/** Ports that nobody has, one for each that the page names. */
async function freePorts(count: number): Promise<number[]> {
  const { createServer } = await import('node:net');
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

describe('docs/service-framework.md', function () {
  this.timeout(180_000);
  let folder: string;

  /** An empty project with `conclave` installed, and what the page says to write there. */
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'conclave-docs-'));
    mkdirSync(join(folder, 'node_modules', '.bin'), { recursive: true });
    symlinkSync(projectRoot, join(folder, 'node_modules', 'conclave'));
    const validator = join('node_modules', 'class-validator');
    symlinkSync(join(projectRoot, validator), join(folder, validator));
    const command = join(folder, 'node_modules', '.bin', 'conclave');
    const main = join(projectRoot, 'dist', 'cli', 'main.js');
    writeFileSync(command, `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`);
    chmodSync(command, 0o755);
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}\n');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('is followed word for word: two hosts, apart, then over CURVE, observed, a key revoked', async () => {
    // The page's ports may be taken on this machine; nothing else is changed.
    const named = [...new Set(page.match(/\b750\d\b/g))];
    const free = await freePorts(named.length);
    const here = (code: string): string =>
      named.reduce((given, port, i) => given.replaceAll(port, String(free[i])), code);
    for (const code of blocks('js')) {
      const [, name = ''] = /^\/\/ (\S+)\n/.exec(code) ?? [];
      expect(name).to.match(/^\w+\.js$/);
      writeFileSync(join(folder, name), here(code));
    }
    const clean = `trap 'kill $(jobs -p) 2>/dev/null || true' EXIT`;
    const script = ['set -eu', clean, ...blocks('sh').map(here), 'echo followed'].join('\n');
    const { CONCLAVE_ENDPOINT: _endpoint, ...env } = process.env;
    const shell = spawn('bash', ['-c', script], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...env, PATH: `${join(folder, 'node_modules', '.bin')}:${process.env['PATH']}` },
    });
    const [said, complained, [code]] = await Promise.all([
      text(shell.stdout),
      text(shell.stderr),
      once(shell, 'exit'),
    ]);
    const all = `${said}\n${complained}`;
    expect(code, all).to.equal(0);
    expect(said, all).to.match(/followed\n$/);
    expect(said).to.contain('{"price":2500}').and.contain('"ETH/USD at 2501"');
    expect(said).to.contain('{"spun":"DEADLINE_EXCEEDED","sameProcess":false,"host":true}');
    expect(said).to.contain('{"symbol":"ETH/USD","price":2500}').and.contain('price 2500\nprice 2501\n');
    expect(complained).to.contain('{"count":1}');
    expect(said).to.contain('{"mean":2500}');
    expect(said).to.match(/alice may now connect as trader/);
    expect(said).to.match(/conclave_socket_handshakes_accepted_total \d/);
    expect(complained.match(/UNAUTHENTICATED/g), all).to.have.length.at.least(3);
    for (const file of ['.conclave/keys/host.key', 'alice/alice.key', 'report/report.key']) {
      const secret = /^secret (.+)$/m.exec(readFileSync(join(folder, file), 'utf8'))?.[1] ?? '';
      expect(secret).to.have.length(40);
      expect(all.includes(secret), file).to.equal(false);
    }
  });

  it('is linked from the first page', () => {
    expect(readFileSync(join(projectRoot, 'README.md'), 'utf8')).to.contain('docs/service-framework.md');
  });
});
