import { chmodSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { removeFolder, temporaryFolder } from '../support/service-process.js';
import { conclave, type Ran } from './support/conclave.js';

describe('conclave keys', function () {
  this.timeout(60_000);
  let folder: string;
  let keys: string;
  const said: string[] = [];

  beforeEach(() => {
    folder = temporaryFolder();
    keys = join(folder, 'keys');
  });
  afterEach(() => removeFolder(folder));

  async function run(...args: string[]): Promise<Ran> {
    const [command = '', ...rest] = args;
    const ran = await conclave(['keys', command, '--keys', keys, ...rest]);
    said.push(ran.stdout, ran.stderr);
    return ran;
  }
  async function json(...args: string[]): Promise<Record<string, unknown>> {
    const { code, stdout, stderr } = await run(...args, '--json');
    expect(code, stderr).to.equal(0);
    return JSON.parse(stdout);
  }
  async function errorOf(...args: string[]): Promise<{ exit: number; code: string; field?: string }> {
    const { code: exit, stdout, stderr } = await run(...args, '--json');
    expect(stdout).to.equal('');
    return { exit, ...JSON.parse(stderr).error };
  }

  it('makes a pair, allows it, shows it and takes it off the list, for people and in JSON', async () => {
    const { publicKey, secretFile } = await json('new', 'alice');
    expect(statSync(String(secretFile)).mode & 0o777).to.equal(0o600);
    expect((await run('new', 'bob')).stdout).to.match(
      /^\S{40} bob\nsecret: \S+bob\.key\npublic: \S+bob\.pub\n$/,
    );
    expect((await run('allow', 'trader', 'alice')).stdout).to.equal('alice may now connect as trader\n');
    expect((await run('allow', 'trader', 'alice')).stdout).to.equal(
      'alice could already connect as trader\n',
    );
    expect(await json('allow', 'admin', join(keys, 'bob.pub'), '--name', 'robert')).to.include({
      role: 'admin',
      name: 'robert',
      added: true,
    });
    expect(await json('allow', 'observer', String(publicKey), '--name', 'al')).to.include({ publicKey });
    const shown = (await run('show')).stdout;
    expect(shown).to.contain(publicKey).and.contain('observer, trader').and.contain('robert');
    const { allowed } = await json('show');
    expect(allowed).to.deep.include({ role: 'trader', publicKey, name: 'alice' }).and.have.length(3);
    expect((await json('show', 'alice'))['keys']).to.deep.equal([
      { name: 'alice', publicKey, hasSecret: true, roles: ['observer', 'trader'] },
    ]);
    expect(await json('revoke', 'trader', 'alice')).to.deep.equal({ role: 'trader', revoked: [publicKey] });
    expect((await run('revoke', 'admin', join(keys, 'bob.pub'))).code).to.equal(0);
    expect((await json('show'))['allowed']).to.have.length(1);
  });

  it('says where there are no keys yet', async () => {
    expect((await run('show')).stdout)
      .to.contain('no keys in')
      .and.contain('conclave keys new');
    expect(await json('show')).to.deep.equal({ keys: [], allowed: [] });
  });

  it('ends with typed errors, in words and in JSON', async () => {
    await json('new', 'alice');
    const exists = await run('new', 'alice');
    expect(exists).to.include({ code: 1, stdout: '' });
    expect(exists.stderr).to.match(/^conclave: ALREADY_EXISTS: /);
    expect(await errorOf('new', 'alice')).to.include({ exit: 1, code: 'ALREADY_EXISTS', field: 'name' });
    expect(await errorOf('new', '../x')).to.include({ exit: 2, code: 'INVALID_ARGUMENT', field: 'name' });
    expect(await errorOf('allow', 'trader', 'bob')).to.include({ exit: 1, code: 'NOT_FOUND' });
    expect(await errorOf('allow', 'trader', join(keys, 'bob.pub'))).to.include({ code: 'NOT_FOUND' });
    expect(await errorOf('revoke', 'trader', 'bob')).to.include({ exit: 1, code: 'NOT_FOUND', field: 'key' });
    chmodSync(join(keys, 'alice.key'), 0o640);
    const open = await errorOf('show');
    expect(open).to.include({ exit: 1, code: 'FAILED_PRECONDITION' });
    expect((await run('show')).stderr)
      .to.contain('0640')
      .and.contain('chmod 600');
    expect((await run('allow', 'boss', 'alice')).code).to.equal(2);
  });

  it('takes no secret for a public key, and repeats none', async () => {
    await json('new', 'alice');
    const secret = /^secret (.+)$/m.exec(readFileSync(join(keys, 'alice.key'), 'utf8'))?.[1] ?? '';
    expect(secret).to.have.length(40);
    const refused = { exit: 2, code: 'INVALID_ARGUMENT', field: 'key' };
    expect(await errorOf('allow', 'trader', join(keys, 'alice.key'))).to.include(refused);
    // Pasted, with a character too few.
    const slip = secret.slice(1);
    const ran = await run('allow', 'trader', '--', slip);
    expect(ran.code).to.equal(/^[\w][\w.-]*$/.test(slip) ? 1 : 2);
    expect(said.join('\n')).not.to.contain(slip.slice(0, 30));
    expect(await json('show')).to.deep.include({ allowed: [] });
  });

  it('takes no key of the folder for one elsewhere that has its name', async () => {
    await json('new', 'alice');
    expect(await errorOf('allow', 'trader', 'elsewhere/alice')).to.include({ code: 'INVALID_ARGUMENT' });
  });
});
