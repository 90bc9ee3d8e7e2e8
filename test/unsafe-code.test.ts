import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect } from 'chai';

const ROOT = join(import.meta.dirname, '..', '..');

function rustFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'target' ? [] : rustFiles(path);
    return entry.name.endsWith('.rs') ? [path] : [];
  });
}

/** Code without comments and texts. */
function code(path: string): string {
  return readFileSync(path, 'utf8')
    .replaceAll(/\/\/.*$/gm, '')
    .replaceAll(/"(?:[^"\\]|\\.)*"/g, '""');
}

describe('unsafe Rust', () => {
  const files = rustFiles(join(ROOT, 'crates'));
  const simd = join('crates', 'fastcalc', 'src', 'simd');

  it('is in the module of vector instructions and nowhere else, and the compiler sees to it', () => {
    const found = files.filter((path) => /\bunsafe\b|unsafe_code/.test(code(path)));
    const outside = found.map((path) => relative(ROOT, path)).filter((path) => !path.startsWith(simd));
    expect(outside).to.deep.equal([]);
    expect(found).not.to.be.empty;
    expect(readFileSync(join(ROOT, 'Cargo.toml'), 'utf8')).to.match(/^unsafe_code = "deny"$/m);
  });

  it('says why it is sound, every time', () => {
    for (const path of files.filter((file) => relative(ROOT, file).startsWith(simd))) {
      const lines = readFileSync(path, 'utf8').split('\n');
      lines.forEach((line, at) => {
        if (!/\bunsafe \{|unsafe fn/.test(line.replace(/\/\/.*$/, ''))) return;
        const before = lines.slice(Math.max(0, at - 6), at + 1).join('\n');
        expect(before, `${relative(ROOT, path)}:${at + 1}`).to.match(/SAFETY:|# Safety/);
      });
    }
  });
});
