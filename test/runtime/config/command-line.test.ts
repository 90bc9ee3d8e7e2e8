import { expect } from 'chai';
import { defineConfig, loadConfig, wantsHelp } from '#conclave/runtime/index.js';
import { problemsOf } from './config-folder.js';

const schema = defineConfig({
  name: { type: 'string', default: 'x', flag: '--name', help: 'A name.' },
  offset: { type: 'number', default: 0, flag: '--offset', help: 'A number.' },
  verbose: { type: 'boolean', default: false, flag: '--verbose', help: 'A switch.' },
  ports: {
    type: 'list',
    items: { type: 'integer', min: 1, max: 9 },
    maxItems: 3,
    default: [],
    flag: '--port',
    env: 'PORTS',
    help: 'Numbers.',
  },
  apiKey: { type: 'string', optional: true, secret: true, flag: '--api-key', env: 'API_KEY', help: 'Key.' },
});

const load = (...argv: string[]) => loadConfig(schema, { argv, cwd: '/' }).values;
const problems = (...argv: string[]) => problemsOf(() => load(...argv));

describe('command line of a configuration', () => {
  it('takes a value after a space or an equals sign, negative numbers included', () => {
    expect(load('--name', 'a').name).to.equal('a');
    expect(load('--name=a=b').name).to.equal('a=b');
    expect(load('--offset', '-2.5e1').offset).to.equal(-25);
    expect(load('--name=--dashes').name).to.equal('--dashes');
  });

  it('takes switches alone, negated, or with a value', () => {
    expect(load('--verbose').verbose).to.equal(true);
    expect(load('--no-verbose').verbose).to.equal(false);
    expect(load('--verbose=false').verbose).to.equal(false);
    expect(load('--verbose=1').verbose).to.equal(true);
    expect(problems('--no-verbose=true')).to.deep.equal(['flag --no-verbose: takes no value']);
    expect(problems('--verbose', 'yes')).to.deep.equal(['unexpected argument "yes"']);
  });

  it('collects a list from repeated flags and from commas', () => {
    expect(load('--port', '1', '--port=2,3').ports).to.deep.equal([1, 2, 3]);
    expect(load('--port=').ports).to.deep.equal([]);
    expect(loadConfig(schema, { env: { PORTS: '4, 5' }, cwd: '/' }).values.ports).to.deep.equal([4, 5]);
    expect(problems('--port', '1,x')).to.deep.equal([
      'flag --port: ports: "x" in the list; must be a list of 0 to 3, each an integer from 1 to 9',
    ]);
    expect(problems('--port', '1,2,3,4')).to.deep.equal([
      'flag --port: ports: an array of 4; must be a list of 0 to 3, each an integer from 1 to 9',
    ]);
  });

  it('suggests the nearest flag for one it does not know', () => {
    expect(problems('--nmae', 'a')).to.deep.equal(['flag --nmae: unknown; did you mean --name?']);
    expect(problems('--conf', 'a')).to.deep.equal(['flag --conf: unknown; did you mean --config?']);
    expect(problems('--zzzzzzzz')).to.deep.equal(['flag --zzzzzzzz: unknown']);
    expect(problems('-v')[0]).to.match(/^flag -v: unknown/);
  });

  it('refuses a flag without its value, given twice, or an argument without a flag', () => {
    expect(problems('--name')).to.deep.equal(['flag --name: needs a value']);
    expect(problems('--name', '--verbose')).to.deep.equal(['flag --name: needs a value']);
    expect(problems('--name', 'a', '--name', 'b')).to.deep.equal(['flag --name: given 2 times']);
    expect(problems('--config', 'a', '--config', 'b')[0]).to.equal('flag --config: given 2 times');
    expect(problems('stray')).to.deep.equal(['unexpected argument "stray"']);
    expect(problems('--')).to.deep.equal(['unexpected argument "--"']);
  });

  it('refuses numbers that JavaScript would read but nobody would write', () => {
    for (const text of ['', ' ', '0x10', '1_000', 'Infinity', 'NaN', '1e999', '1,5'])
      expect(problems(`--offset=${text}`)[0]).to.contain('must be a number');
    for (const text of ['1.5', '1e0', '9007199254740993', ''])
      expect(() => load('--port', text || ','), text).to.throw('must be a list');
  });

  it('does not repeat what follows an unknown flag: it may be a misspelt secret', () => {
    expect(problems('--apikey', 'hunter22').join()).to.not.contain('hunter22');
    expect(problems('--apikey=hunter22').join()).to.not.contain('hunter22');
  });

  it('sees the wish for help anywhere before a double dash', () => {
    expect(wantsHelp(['--name', 'a', '--help'])).to.equal(true);
    expect(wantsHelp(['-h'])).to.equal(true);
    expect(wantsHelp(['--', '--help'])).to.equal(false);
    expect(wantsHelp([])).to.equal(false);
    expect(load('--help').name).to.equal('x');
  });
});
