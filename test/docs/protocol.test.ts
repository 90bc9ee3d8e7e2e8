import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { ERROR_CODES } from '#conclave/runtime/index.js';
import { DEFAULT_LIMITS } from '#conclave/service-framework/index.js';
import { projectRoot } from '../support/shared-data.js';

const page = readFileSync(join(projectRoot, 'docs/protocol.md'), 'utf8');
const { vectors } = JSON.parse(
  readFileSync(join(projectRoot, 'test/service-framework/protocol/golden/vectors.json'), 'utf8'),
) as { readonly vectors: readonly { readonly hex?: string; readonly text?: string }[] };

/** Contents of the fenced blocks of a language; '' = of none. */
function blocks(language: string): string[] {
  const fenced = [...page.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)];
  return fenced.filter(([, named]) => named === language).map(([, , text]) => text ?? '');
}

describe('docs/protocol.md', () => {
  it('shows frames that are golden vectors, byte for byte', () => {
    const frames = blocks('').map((text) => text.replace(/\s+/g, ''));
    expect(frames).to.have.length.above(3);
    for (const frame of frames) expect(vectors.map(({ hex }) => hex)).to.include(frame);
    for (const text of blocks('json')) expect(vectors.map((vector) => vector.text)).to.include(text.trim());
  });

  it('names every error code once, and no other', () => {
    const named = [...page.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, code]) => code);
    expect(named).to.deep.equal([...ERROR_CODES]);
  });

  it('states the limits that the hosts have', () => {
    const section = page.slice(page.indexOf('## Limits'), page.indexOf('## Built-in'));
    const stated = [...section.matchAll(/^\| [^|]+ \| ([\d,]+)/gm)].map(([, number = '']) =>
      Number(number.replaceAll(',', '')),
    );
    const { messageBytes, envelopeBytes, batchEnvelopes, depth, stringBytes, structures, streamCredit } =
      DEFAULT_LIMITS;
    expect(stated).to.deep.equal([
      messageBytes,
      envelopeBytes,
      batchEnvelopes,
      depth,
      stringBytes,
      structures,
      streamCredit,
    ]);
  });
});
