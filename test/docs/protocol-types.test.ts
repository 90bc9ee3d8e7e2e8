import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type LocalCommittee, openCommittee } from '../support/committee.js';
import { removeFolder, temporaryFolder } from '../support/service-process.js';
import { projectRoot } from '../support/shared-data.js';
import { type DocumentedField, fieldsIn } from './documented-types.js';

const page = readFileSync(join(projectRoot, 'docs/protocol.md'), 'utf8');
const section = page.slice(page.indexOf('## Commands of the ml-service'));

/** Types by name: `- **Vote** `{…}``. */
const types = new Map(
  [...section.matchAll(/^- \*\*(\w+)\*\* `([\s\S]*?)`(?:;|:|$)/gm)].map(([, name = '', text = '']) => [
    name,
    fieldsIn(text),
  ]),
);

/** Rows of the table of commands; one may name several. */
const rows = [...section.matchAll(/^\| (`\w+\.\w+`[^|]*) \| ([^|]*) \| (.*) \|$/gm)].map(
  ([, names = '', request = '', reply = '']) => ({
    commands: [...names.matchAll(/`(\w+\.\w+)`/g)].map(([, command]) => command ?? ''),
    request,
    reply,
  }),
);

/** The fields of what a cell of the table names or spells out. */
function fieldsOfCell(cell: string): readonly DocumentedField[] {
  const named = [...types].find(([name]) => new RegExp(`\\b${name}\\b`).test(cell));
  return named ? named[1] : fieldsIn(cell);
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

/** The schema of a map, or of the maps in a list, with references followed. */
function mapOf(schema: Schema, root: Schema): Schema {
  if (schema.$ref !== undefined) return mapOf(root.$defs?.[schema.$ref.split('/').at(-1) ?? ''] ?? {}, root);
  return schema.items && !schema.properties ? mapOf(schema.items, root) : schema;
}

function check(fields: readonly DocumentedField[], schema: Schema, root: Schema, at: string): void {
  const { properties = {}, required = [] } = mapOf(schema, root);
  for (const { name, optional, fields: inner } of fields) {
    const own = properties[name];
    expect(own, `${at}.${name}`).to.be.an('object');
    expect(required.includes(name), `${at}.${name} is required`).to.equal(!optional);
    // A map of any names (`evidence {name: number}`) has no fields of its own to compare.
    if (own && mapOf(own, root).properties) check(inner, own, root, `${at}.${name}`);
  }
}

describe('the commands and types of docs/protocol.md', function () {
  this.timeout(30_000);
  let dataDir: string;
  let committee: LocalCommittee;
  before(async () => {
    dataDir = temporaryFolder();
    committee = await openCommittee(dataDir);
  });
  after(async () => {
    await committee.close();
    removeFolder(dataDir);
  });

  it('are found on the page', () => {
    expect([...types.keys()]).to.include.members([
      'MarketQuestion',
      'Vote',
      'Decision',
      'Trade',
      'JournalLine',
    ]);
    expect(rows.flatMap(({ commands }) => commands)).to.include.members([
      'voting.predict',
      'rl.learn',
      'journal.read',
    ]);
    expect(types.get('MarketQuestion')?.map(({ name }) => name)).to.include.members([
      'symbol',
      'costs',
      'trades',
    ]);
  });

  for (const { commands, request, reply } of rows)
    for (const command of commands)
      it(`are those of the service: ${command}`, () => {
        const described = committee.service.host.describe().commands.find((each) => each.command === command);
        expect(described, 'it exists').to.be.an('object');
        expect(described?.key === 'required', 'needs a key').to.equal(request.includes('`key`'));
        expect(described?.stream !== undefined, 'streams').to.equal(reply.startsWith('stream of'));
        if (request.trim() === 'none') expect(described?.request).to.equal(null);
        else
          check(fieldsOfCell(request), described?.request as Schema, described?.request as Schema, command);
        const [items, end] = reply.startsWith('stream of') ? reply.split(', then ') : [undefined, reply];
        if (items !== undefined)
          check(fieldsOfCell(items), described?.stream as Schema, described?.stream as Schema, command);
        check(fieldsOfCell(end ?? ''), described?.response as Schema, described?.response as Schema, command);
      });
});
