import { join } from 'node:path';
import { expect } from 'chai';
import { ConfigError, defineConfig, loadConfig, ServiceError } from '#conclave/runtime/index.js';
import { ConfigFolder, problemsOf } from './config-folder.js';

const schema = defineConfig({
  dataDir: {
    type: 'path',
    default: './.conclave',
    flag: '--data-dir',
    env: 'CONCLAVE_DATA_DIR',
    help: 'Folder of the journal.',
  },
  level: {
    type: 'enum',
    values: ['quiet', 'loud'],
    default: 'quiet',
    flag: '--level',
    help: 'How much to say.',
  },
  dryRun: {
    type: 'boolean',
    default: false,
    flag: '--dry-run',
    env: 'CONCLAVE_DRY_RUN',
    help: 'Do nothing.',
  },
  listen: { type: 'endpoint', optional: true, flag: '--listen', help: 'Where to listen.' },
  voting: {
    expertTimeoutMs: {
      type: 'integer',
      min: 1,
      max: 60_000,
      default: 250,
      flag: '--expert-timeout-ms',
      env: 'CONCLAVE_EXPERT_TIMEOUT_MS',
      help: 'How long one expert may take.',
    },
    experts: {
      type: 'list',
      items: { type: 'string' },
      default: ['flow', 'regime'],
      flag: '--expert',
      env: 'CONCLAVE_EXPERTS',
      help: 'Experts to start.',
    },
    decay: { type: 'number', min: 0, max: 1, default: 0.5, flag: '--decay', help: 'Forgetting a step.' },
  },
});

describe('loadConfig', () => {
  const folder = new ConfigFolder();
  beforeEach(folder.create);
  afterEach(folder.remove);

  const load = (yaml: string | undefined, argv: string[] = [], env: Record<string, string> = {}) =>
    loadConfig(schema, {
      argv,
      env,
      cwd: folder.path,
      ...(yaml === undefined ? {} : { configFile: folder.write(yaml) }),
    });

  it('gives every default where nothing is said, with paths made absolute', () => {
    const { values, origins } = load(undefined);
    expect(values).to.deep.equal({
      dataDir: join(folder.path, '.conclave'),
      level: 'quiet',
      dryRun: false,
      listen: undefined,
      voting: { expertTimeoutMs: 250, experts: ['flow', 'regime'], decay: 0.5 },
    });
    expect([...origins.values()]).to.deep.equal(new Array(7).fill('default'));
  });

  it('infers the types of the values from the schema', () => {
    const { values } = load(undefined);
    const timeoutMs: number = values.voting.expertTimeoutMs;
    const level: 'quiet' | 'loud' = values.level;
    const experts: readonly string[] = values.voting.experts;
    const listen: string | undefined = values.listen;
    // @ts-expect-error an optional setting without a default may be undefined
    const certain: string = values.listen;
    // @ts-expect-error there is no such setting
    expect(values.voting.nothing).to.equal(undefined);
    expect([timeoutMs, level, experts.length, listen, certain]).to.deep.equal([
      250,
      'quiet',
      2,
      undefined,
      undefined,
    ]);
  });

  it('lets the file override defaults, the environment the file, and flags the environment', () => {
    const yaml = 'voting:\n  expertTimeoutMs: 100\n';
    const env = { CONCLAVE_EXPERT_TIMEOUT_MS: '200' };
    const argv = ['--expert-timeout-ms', '300'];
    const path = 'voting.expertTimeoutMs';
    const fromFile = load(yaml);
    expect(fromFile.values.voting.expertTimeoutMs).to.equal(100);
    expect(fromFile.origins.get(path)).to.equal('conclave.yaml:2');
    const fromEnv = load(yaml, [], env);
    expect(fromEnv.values.voting.expertTimeoutMs).to.equal(200);
    expect(fromEnv.origins.get(path)).to.equal('env CONCLAVE_EXPERT_TIMEOUT_MS');
    const fromFlag = load(yaml, argv, env);
    expect(fromFlag.values.voting.expertTimeoutMs).to.equal(300);
    expect(fromFlag.origins.get(path)).to.equal('flag --expert-timeout-ms');
  });

  it('freezes the values at every depth', () => {
    const { values } = load('voting:\n  experts: [a]\n');
    expect(Object.isFrozen(values)).to.equal(true);
    expect(Object.isFrozen(values.voting)).to.equal(true);
    expect(Object.isFrozen(values.voting.experts)).to.equal(true);
    expect(Object.isFrozen(load(undefined).values.voting.experts)).to.equal(true);
  });

  it('never hands out the list of the schema itself', () => {
    load(undefined);
    expect(Object.isFrozen(schema.sections.voting.experts.default)).to.equal(false);
  });

  it('starts relative paths at the file for a path in the file, at cwd for the others', () => {
    folder.write('');
    const nested = loadConfig(schema, { argv: ['--data-dir', 'here'], cwd: folder.path });
    expect(nested.values.dataDir).to.equal(join(folder.path, 'here'));
    const fromFile = loadConfig(schema, {
      cwd: '/',
      configFile: join(folder.path, folder.write('dataDir: x')),
    });
    expect(fromFile.values.dataDir).to.equal(join(folder.path, 'x'));
    expect(load('dataDir: /absolute').values.dataDir).to.equal('/absolute');
  });

  it('reads the file that --config names in place of the given one', () => {
    folder.write('level: loud', 'other.yaml');
    expect(load('level: quiet', ['--config', 'other.yaml']).values.level).to.equal('loud');
    expect(load('level: quiet', ['--config=other.yaml']).origins.get('level')).to.equal('other.yaml:1');
  });

  it('reports every problem of every source at once, each with its place', () => {
    const yaml = 'level: shrill\nvoting:\n  expertTimeoutMs: "abc"\n  decay: 2\n';
    const problems = problemsOf(() => load(yaml, ['--dry-run=maybe'], { CONCLAVE_EXPERT_TIMEOUT_MS: '0' }));
    expect(problems).to.deep.equal([
      'flag --dry-run: dryRun: "maybe"; must be true or false',
      'env CONCLAVE_EXPERT_TIMEOUT_MS: voting.expertTimeoutMs: "0"; must be an integer from 1 to 60000',
      'conclave.yaml:1: level: "shrill"; must be one of quiet, loud',
      'conclave.yaml:3: voting.expertTimeoutMs: "abc"; must be an integer from 1 to 60000',
      'conclave.yaml:4: voting.decay: 2; must be a number from 0 to 1',
    ]);
  });

  it('throws a ServiceError that names the first field', () => {
    try {
      load('voting:\n  decay: 2');
      expect.fail('accepted');
    } catch (thrown) {
      expect(thrown).to.be.instanceOf(ConfigError).and.instanceOf(ServiceError);
      const error = thrown as ConfigError;
      expect(error.code).to.equal('INVALID_ARGUMENT');
      expect(error.field).to.equal('voting.decay');
      expect(error.problems).to.have.length(1);
    }
  });

  it('says how to give a setting that is required and missing', () => {
    const strict = defineConfig({
      broker: { key: { type: 'string', flag: '--key', env: 'BROKER_KEY', help: 'The key.' } },
    });
    expect(problemsOf(() => loadConfig(strict, { cwd: '/' }))).to.deep.equal([
      'broker.key: missing; set --key or the variable BROKER_KEY or broker.key in a file given with --config',
    ]);
    expect(problemsOf(() => loadConfig(strict, { cwd: '/', argv: ['--key', ''] }))).to.deep.equal([
      'flag --key: broker.key: ""; must be a text of at least 1 character',
    ]);
  });

  it('names a file that cannot be read, is a folder, or is no UTF-8', () => {
    expect(problemsOf(() => loadConfig(schema, { cwd: folder.path, configFile: 'none.yaml' }))).to.deep.equal(
      ['none.yaml: cannot be read (ENOENT); set by --config'],
    );
    expect(problemsOf(() => loadConfig(schema, { cwd: '/', configFile: folder.path }))[0]).to.contain(
      'EISDIR',
    );
    const latin = folder.write(Buffer.from([0x6c, 0xe9]), 'latin.yaml');
    expect(problemsOf(() => loadConfig(schema, { cwd: folder.path, configFile: latin }))).to.deep.equal([
      'latin.yaml: is not UTF-8 text',
    ]);
    const vast = folder.write(Buffer.alloc(4 * 1024 * 1024 + 1, 0x20), 'vast.yaml');
    expect(problemsOf(() => loadConfig(schema, { cwd: folder.path, configFile: vast }))[0]).to.contain(
      'at most 4194304',
    );
  });

  it('ignores an environment variable set to nothing, and those it does not know', () => {
    const { values } = load(undefined, [], { CONCLAVE_EXPERT_TIMEOUT_MS: '', CONCLAVE_OTHER: 'x' });
    expect(values.voting.expertTimeoutMs).to.equal(250);
  });
});
