import { expect } from 'chai';
import fc from 'fast-check';
import { ShortTexts } from '#conclave/service-framework/protocol/short-texts.js';

/** Few letters, so that texts fall on the same slots and differ in single places. */
const SIMILAR = fc.string({
  unit: fc.constantFrom('a', 'b', 'é', '€', '\u{1f600}', '\0', '1'),
  maxLength: 40,
});

describe('ShortTexts', () => {
  it('reads what the bytes say, whatever it has read before', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(SIMILAR, fc.string()), { maxLength: 60 }), (texts) => {
        const known = new ShortTexts();
        for (const text of [...texts, ...texts]) {
          const bytes = Buffer.from(`<${text}>`);
          expect(known.read(bytes, 1, bytes.length - 1)).to.equal(Buffer.from(text).toString());
        }
      }),
    );
  });

  it('recalls a text from other memory, and nothing that differs in one byte', () => {
    const ascii = fc.string({ minLength: 1, maxLength: 32, unit: 'binary-ascii' });
    fc.assert(
      fc.property(ascii, fc.nat(), fc.integer({ min: 1, max: 255 }), (text, place, change) => {
        const known = new ShortTexts();
        const bytes = Buffer.from(text);
        known.remember(text, bytes, 0, bytes.length);
        const again = Buffer.from(`--${text}--`);
        expect(known.recall(again, 2, 2 + text.length)).to.equal(text);
        const at = 2 + (place % text.length);
        again[at] = (again[at] as number) ^ change;
        expect(known.recall(again, 2, 2 + text.length)).to.equal(undefined);
      }),
    );
  });

  it('remembers nothing of more than 32 bytes', () => {
    const known = new ShortTexts();
    const bytes = Buffer.from('x'.repeat(33));
    known.remember(bytes.toString(), bytes, 0, 33);
    expect(known.recall(bytes, 0, 33)).to.equal(undefined);
    expect(known.recall(bytes, 0, 0)).to.equal(undefined);
  });
});
