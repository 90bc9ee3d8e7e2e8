import { expect } from 'chai';
import { defineConfig, describeConfig, helpText, loadConfig, secretValues } from '#conclave/runtime/index.js';

const schema = defineConfig({
  level: {
    type: 'enum',
    values: ['quiet', 'loud'],
    default: 'quiet',
    flag: '--level',
    help: 'How much to say.',
  },
  dryRun: { type: 'boolean', default: false, flag: '--dry-run', env: 'DRY_RUN', help: 'Do nothing.' },
  hosts: { type: 'list', items: { type: 'endpoint' }, default: [], flag: '--host', help: 'Hosts.' },
  broker: {
    apiKey: { type: 'string', optional: true, secret: true, env: 'API_KEY', help: 'Key of the account.' },
    pins: {
      type: 'list',
      items: { type: 'integer' },
      default: [123456],
      secret: true,
      help: 'Numbers known to nobody.',
    },
    note: { type: 'string', optional: true, help: 'Anything.' },
    name: { type: 'string', help: 'Required.', env: 'NAME' },
  },
});

const loaded = loadConfig(schema, {
  argv: ['--level=loud'],
  env: { API_KEY: 'hunter2222', NAME: 'n' },
  cwd: '/',
});

describe('describeConfig', () => {
  it('shows each value and where it came from, but no secret', () => {
    expect(describeConfig(loaded).split('\n')).to.deep.equal([
      'level = "loud" (flag --level)',
      'dryRun = false (default)',
      'hosts = [] (default)',
      'broker.apiKey = (secret) (env API_KEY)',
      'broker.pins = (secret) (default)',
      'broker.note = (not set) (default)',
      'broker.name = "n" (env NAME)',
    ]);
  });

  it('hands the secrets to the logger', () => {
    expect(secretValues(loaded)).to.deep.equal(['hunter2222', '123456']);
  });
});

describe('helpText', () => {
  const text = helpText(schema, {
    usage: 'conclave serve [options]',
    description: 'Serves. '.repeat(30).trim(),
  });

  it('tells of every setting its flag or path, meaning, allowed values, default, key and variable', () => {
    expect(text).to.contain('Usage: conclave serve [options]\n');
    expect(text).to.contain(
      '  --level <quiet|loud>\n      How much to say.\n      [one of quiet, loud; default "quiet"; YAML level]\n',
    );
    expect(text).to.contain('  --dry-run, --no-dry-run\n');
    expect(text).to.contain('env DRY_RUN');
    expect(text).to.contain('  --host <endpoint,…>\n');
    expect(text).to.contain('  --config <path>\n');
    expect(text).to.contain(
      '  broker.note\n      Anything.\n      [a text of at least 1 character; optional]\n',
    );
    expect(text).to.contain('[a text of at least 1 character; required; env NAME]');
  });

  it('keeps to the width and hides the default of a secret', () => {
    for (const line of text.split('\n')) expect(line.length).to.be.at.most(100);
    expect(text).to.not.contain('123456');
  });
});
