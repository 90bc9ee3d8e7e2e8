import { expect } from 'chai';
import { defineConfig, loadConfig } from '#conclave/runtime/index.js';
import { ConfigFolder, problemsOf } from './config-folder.js';

const schema = defineConfig({
  name: { type: 'string', default: 'x', help: 'A name.' },
  on: { type: 'boolean', default: false, help: 'A switch.' },
  hosts: {
    type: 'list',
    items: { type: 'endpoint', schemes: ['tcp'] },
    minItems: 1,
    default: ['tcp://a:1'],
    help: 'Hosts.',
  },
  voting: {
    expertTimeoutMs: { type: 'integer', min: 1, default: 250, help: 'Wait.' },
    quorum: { minVotes: { type: 'integer', min: 1, default: 1, help: 'Votes.' } },
  },
  broker: { apiKey: { type: 'string', minLength: 8, optional: true, secret: true, help: 'Key.' } },
});

describe('YAML file of a configuration', () => {
  const folder = new ConfigFolder();
  beforeEach(folder.create);
  afterEach(folder.remove);

  const load = (yaml: string) => loadConfig(schema, { configFile: folder.write(yaml), cwd: folder.path });
  const problems = (yaml: string) => problemsOf(() => load(yaml));

  it('is allowed to be empty, all comments, or to leave a section empty', () => {
    for (const yaml of ['', '# nothing\n', '---\n', 'voting:\n  # expertTimeoutMs: 3\n', '\ufeffname: y'])
      expect(load(yaml).values.voting.expertTimeoutMs).to.equal(250);
  });

  it('reads nested sections, comments, anchors and aliases', () => {
    const { values, origins } = load(
      'voting: # about votes\n  quorum:\n    minVotes: &n 3\n  expertTimeoutMs: *n\nhosts:\n  - tcp://b:2\n  - tcp://c:3\n',
    );
    expect(values.voting).to.deep.equal({ expertTimeoutMs: 3, quorum: { minVotes: 3 } });
    expect(values.hosts).to.deep.equal(['tcp://b:2', 'tcp://c:3']);
    expect(origins.get('voting.quorum.minVotes')).to.equal('conclave.yaml:3');
    expect(origins.get('hosts')).to.equal('conclave.yaml:5');
  });

  it('names an unknown key with the nearest known one', () => {
    expect(problems('nmae: a\nvoting:\n  expertTimeout: 3\n  quroum: {}\n  zzzzzz: 1\n')).to.deep.equal([
      'conclave.yaml:1: nmae: unknown; did you mean name?',
      'conclave.yaml:3: voting.expertTimeout: unknown; did you mean voting.expertTimeoutMs?',
      'conclave.yaml:4: voting.quroum: unknown; did you mean voting.quorum?',
      'conclave.yaml:5: voting.zzzzzz: unknown',
    ]);
  });

  it('finds the place of a key written into the wrong section', () => {
    expect(problems('minVotes: 2')).to.deep.equal([
      'conclave.yaml:1: minVotes: unknown; did you mean voting.quorum.minVotes?',
    ]);
  });

  it('treats the names of object internals as unknown keys', () => {
    expect(problems('__proto__: {name: a}\nconstructor: 1\n')).to.deep.equal([
      'conclave.yaml:1: __proto__: unknown',
      'conclave.yaml:2: constructor: unknown',
    ]);
  });

  it('refuses a key given twice and names the first place', () => {
    expect(problems('name: a\non: true\nname: b\n')).to.deep.equal([
      'conclave.yaml:3: name: given twice; first at conclave.yaml:1',
    ]);
  });

  it('tells the line of a syntax error without quoting the line', () => {
    const lines = problems('name: a\nbroker:\n  apiKey: "hunter2222\n');
    expect(lines[0]).to.match(/^conclave\.yaml:\d+: YAML: /);
    expect(lines.join()).to.not.contain('hunter2222');
    expect(problems('name: [a\n')[0]).to.match(/^conclave\.yaml:\d: YAML: /);
    expect(problems('name: a\n---\nname: b\n')).to.deep.equal([
      'conclave.yaml:2: YAML: more than one document',
    ]);
    expect(problems('name: !made-up a\n')).to.deep.equal(['conclave.yaml:1: YAML: Unresolved tag: !made-up']);
  });

  it('does not convert between types: text is quoted, numbers are not', () => {
    expect(problems('name: 5')).to.deep.equal([
      'conclave.yaml:1: name: 5; must be a text of at least 1 character',
    ]);
    expect(problems('on: yes')).to.deep.equal(['conclave.yaml:1: on: "yes"; must be true or false']);
    for (const text of ['"3"', '1.5', '.inf', '.nan', '~', '', '[3]', '{a: 1}', '9007199254740993', '0'])
      expect(problems(`voting:\n  expertTimeoutMs: ${text}\n`)[0], text).to.match(
        /^conclave\.yaml:2: voting\.expertTimeoutMs: .+; must be an integer of at least 1$/,
      );
  });

  it('points at the element of a list that is wrong, and at a list of the wrong length', () => {
    expect(problems('hosts:\n  - tcp://a:1\n  - udp://b\n')).to.deep.equal([
      'conclave.yaml:3: hosts[1]: "udp://b"; must be a list of at least 1, each an endpoint tcp://host:port',
    ]);
    expect(problems('hosts: []')[0]).to.contain('a list of 0; must be a list of at least 1');
    expect(problems('hosts: tcp://a:1')[0]).to.contain('"tcp://a:1"; must be a list');
  });

  it('refuses a value where a section belongs, and a document that is no section', () => {
    expect(problems('voting: 3')).to.deep.equal([
      'conclave.yaml:1: voting: 3; must be a section with expertTimeoutMs, quorum',
    ]);
    expect(problems('- a\n- b\n')[0]).to.contain(
      'the document: a list of 2; must be a section with name, on',
    );
    expect(problems('? [a, b]\n: 1\n')[0]).to.contain('unknown');
  });

  it('survives an alias without anchor, a cycle, and nesting without end', () => {
    expect(problems('name: *nobody\n')[0]).to.match(/^conclave\.yaml:1: /);
    expect(problems('voting: &v\n  quorum: *v\n')[0]).to.match(/voting\.quorum\.quorum: unknown/);
    expect(problems(`name: ${'['.repeat(20_000)}${']'.repeat(20_000)}`)[0]).to.equal(
      'conclave.yaml:1: YAML: nested too deeply',
    );
  });

  it('never shows the value of a secret', () => {
    expect(problems('broker:\n  apiKey: short\n')).to.deep.equal([
      'conclave.yaml:2: broker.apiKey: (secret); must be a text of at least 8 characters',
    ]);
  });
});
