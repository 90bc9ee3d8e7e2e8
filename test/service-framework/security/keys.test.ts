import { chmodSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { expect } from 'chai';
import fc from 'fast-check';
import { curveKeyPair } from 'zeromq';
import {
  decodeZ85Key,
  encodeZ85,
  formatAllowList,
  isZ85Key,
  KeyFolder,
  KeyPair,
  parseAllowList,
  publicKeyFrom,
  publicKeyOf,
  readKeyFile,
} from '#conclave/service-framework/security/index.js';
import { keyFolder, removeKeys } from '../support/curve-host.js';

describe('Z85 keys', () => {
  it('are read and written alike, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const text = encodeZ85(bytes);
        expect(isZ85Key(text)).to.equal(true);
        expect([...decodeZ85Key(text)]).to.deep.equal([...bytes]);
      }),
    );
  });

  it('write the example of the standard', () => {
    expect(encodeZ85(Buffer.from('864fd26fb559f75b', 'hex'))).to.equal('HelloWorld');
  });

  it('refuse everything else, without repeating it', () => {
    for (const bad of ['', 'x'.repeat(39), `${'x'.repeat(39)}"`, '#'.repeat(40), 7, null, 'x'.repeat(80)]) {
      expect(isZ85Key(bad)).to.equal(false);
      expect(() => decodeZ85Key(bad as string))
        .to.throw(/Z85 key of 40 characters/)
        .with.property('code', 'INVALID_ARGUMENT');
    }
    expect(() => decodeZ85Key('hunter2hunter2'))
      .to.throw()
      .with.property('message')
      .not.contain('hunter2');
  });
});

describe('a key pair', () => {
  it('has the public key that the socket library has for its secret', () => {
    for (let i = 0; i < 20; i++) {
      const { publicKey, secretKey } = curveKeyPair();
      expect(publicKeyOf(secretKey)).to.equal(publicKey);
    }
  });

  it('refuses keys that do not belong together', () => {
    expect(() => new KeyPair(curveKeyPair().publicKey, curveKeyPair().secretKey))
      .to.throw()
      .with.property('code', 'INVALID_ARGUMENT');
  });

  it('shows its secret to nobody who does not ask for it by name', () => {
    const pair = KeyPair.generate();
    const shown = [
      JSON.stringify(pair),
      inspect(pair, { showHidden: true, depth: 9 }),
      JSON.stringify({ ...pair }),
    ];
    for (const text of shown) expect(text).to.contain(pair.publicKey).and.not.contain(pair.secretKey);
  });
});

describe('an allow list', () => {
  const key = (): string => curveKeyPair().publicKey;

  it('is read and written alike', () => {
    const name = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}$/);
    const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(fc.array(fc.tuple(bytes, name), { maxLength: 8 }), (entries) => {
        const list = new Map(entries.map(([raw, each]) => [encodeZ85(raw), each]));
        expect(parseAllowList(formatAllowList(list), 'list')).to.deep.equal(list);
      }),
    );
  });

  it('takes comments and empty lines', () => {
    const list = parseAllowList(`# whose\n\n#\n${key()} a\n  ${key()}\tb.c-d\r\n`, 'list');
    expect([...list.values()]).to.deep.equal(['a', 'b.c-d']);
  });

  it('refuses what makes no sense, naming the line and repeating nothing', () => {
    const good = key();
    for (const [text, line] of [
      ['hunter2 a', 1],
      [`\n${good}`, 2],
      [`${good} a b`, 1],
      [`${good} -a`, 1],
      [`${good} a\n${good} b`, 2],
    ] as const)
      expect(() => parseAllowList(text, 'allow/trader'))
        .to.throw(new RegExp(`^allow/trader:${line}: `))
        .that.satisfies((error: { code: string; message: string }) => {
          return error.code === 'INVALID_ARGUMENT' && !error.message.includes('hunter2');
        });
  });
});

describe('a folder of keys', () => {
  let folder: KeyFolder;
  beforeEach(() => {
    folder = keyFolder();
  });
  afterEach(() => removeKeys(folder));

  const modeOf = (path: string): number => statSync(path).mode & 0o777;

  it('makes keys that only their owner can read, and public ones to hand out', () => {
    const { publicKey } = folder.create('alice');
    expect(modeOf(folder.path)).to.equal(0o700);
    expect(modeOf(folder.secretFile('alice'))).to.equal(0o600);
    expect(modeOf(folder.publicFile('alice'))).to.equal(0o644 & ~process.umask());
    expect(folder.pair('alice').publicKey).to.equal(publicKey);
    expect(folder.publicKey('alice')).to.deep.equal({ publicKey, name: 'alice' });
    expect(folder.names()).to.deep.equal(['alice', 'host']);
    expect(publicKeyFrom(folder.publicFile('alice'))).to.equal(publicKey);
    expect(publicKeyFrom(publicKey)).to.equal(publicKey);
  });

  it('never overwrites a key', () => {
    const { publicKey } = folder.create('alice');
    expect(() => folder.create('alice'))
      .to.throw()
      .with.property('code', 'ALREADY_EXISTS');
    expect(folder.pair('alice').publicKey).to.equal(publicKey);
  });

  it('refuses names that would lead elsewhere', () => {
    for (const name of ['../x', '', '.', '..', 'a/b', '-x', 'a b', 'x'.repeat(65)]) {
      for (const use of [() => folder.create(name), () => folder.pair(name), () => folder.allowed(name)])
        expect(use, name).to.throw().with.property('code', 'INVALID_ARGUMENT');
    }
  });

  it('refuses a secret that others can read, and says what to do', () => {
    const file = folder.secretFile('host');
    for (const mode of [0o640, 0o604, 0o620, 0o666]) {
      chmodSync(file, mode);
      expect(() => folder.pair('host'))
        .to.throw(/others can use its secret.*chmod 600/)
        .that.includes({ code: 'FAILED_PRECONDITION', field: file });
    }
    chmodSync(file, 0o400);
    expect(folder.pair('host').publicKey).to.be.a('string');
  });

  it('refuses a list that others can write', () => {
    folder.allow('trader', folder.create('alice'));
    chmodSync(folder.listFile('trader'), 0o646);
    expect(() => folder.allowed('trader'))
      .to.throw(/others can change it/)
      .with.property('code', 'FAILED_PRECONDITION');
  });

  it('refuses what is no key file, and never shows what stands in it', () => {
    const file = folder.secretFile('bad');
    const { publicKey } = curveKeyPair();
    for (const text of ['', 'secret hunter2', `public ${publicKey}\nsecret ${curveKeyPair().secretKey}\n`]) {
      writeFileSync(file, text, { mode: 0o600 });
      expect(() => readKeyFile(file))
        .to.throw()
        .that.satisfies((error: { code: string; message: string }) => {
          return error.code === 'INVALID_ARGUMENT' && !/hunter2/.test(error.message);
        });
    }
    expect(() => readKeyFile(folder.path))
      .to.throw()
      .with.property('code', 'FAILED_PRECONDITION');
    expect(() => folder.pair('nobody'))
      .to.throw()
      .with.property('code', 'NOT_FOUND');
  });

  it('follows a link to the file itself, whose mode counts', () => {
    const link = join(folder.path, 'link.key');
    symlinkSync(folder.secretFile('host'), link);
    expect(readKeyFile(link).publicKey).to.equal(folder.pair('host').publicKey);
    chmodSync(folder.secretFile('host'), 0o644);
    expect(() => readKeyFile(link))
      .to.throw()
      .with.property('code', 'FAILED_PRECONDITION');
  });

  it('allows and revokes, by key or by name', () => {
    const [alice, bob] = [folder.create('alice'), folder.create('bob')];
    expect(folder.allowed('trader').size).to.equal(0);
    expect(folder.allow('trader', alice)).to.equal(true);
    expect(folder.allow('trader', alice)).to.equal(false);
    expect(folder.allow('trader', bob)).to.equal(true);
    expect([...folder.allowed('trader')]).to.deep.equal([
      [alice.publicKey, 'alice'],
      [bob.publicKey, 'bob'],
    ]);
    expect(folder.lists()).to.deep.equal(['trader']);
    expect(folder.revoke('trader', 'nobody')).to.deep.equal([]);
    expect(folder.revoke('trader', 'alice')).to.deep.equal([alice.publicKey]);
    expect(folder.revoke('trader', bob.publicKey)).to.deep.equal([bob.publicKey]);
    expect(readFileSync(folder.listFile('trader'), 'utf8')).to.match(/^# /);
    expect(modeOf(folder.listFile('trader'))).to.equal(0o600);
  });
});
