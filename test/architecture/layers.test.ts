import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { projectRoot } from '../support/shared-data.js';
import { importsOf } from './imports.js';
import { fileCycles, layerViolations, unknownParts } from './layer-rules.js';
import { LAYERINGS } from './layers.js';
import { readFiles, report } from './source-file.js';
import { anyInDeclarations, defaultExports, impureCalls, tooLong } from './text-rules.js';

const sources = readFiles(projectRoot, 'src', '.ts');
const imports = sources.flatMap(importsOf);
const paths = sources.map(({ path }) => path);

describe('the architecture of src', () => {
  it('is seen by these rules at all', () => {
    expect(paths).to.include('src/runtime/index.ts');
    expect(imports.length).to.be.greaterThan(paths.length / 2);
    const known = new Set(paths);
    expect(imports.filter(({ to }) => !known.has(to))).to.deep.equal([]);
  });

  for (const layering of LAYERINGS) {
    it(`gives every part of ${layering.folder} a layer`, () => {
      expect(report(unknownParts(layering, paths))).to.deep.equal([]);
    });

    it(`lets imports within ${layering.folder} point downward only`, () => {
      expect(report(layerViolations(layering, imports))).to.deep.equal([]);
    });
  }

  it('has no files that import one another in a ring, not even for types', () => {
    expect(report(fileCycles(imports))).to.deep.equal([]);
  });

  it('has no default exports', () => {
    expect(report(sources.flatMap(defaultExports))).to.deep.equal([]);
  });

  it('reads clock and chance in src/runtime only', () => {
    const others = sources.filter(({ path }) => !path.startsWith('src/runtime/'));
    expect(report(others.flatMap(impureCalls))).to.deep.equal([]);
  });

  it('declares nothing as any to its users', () => {
    const built = readFiles(projectRoot, 'dist', '.d.ts');
    // Declarations of files that are gone may still lie about.
    const current = built.filter(({ path }) =>
      paths.includes(path.replace(/^dist/, 'src').replace(/\.d\.ts$/, '.ts')),
    );
    expect(current).to.have.length(paths.length);
    expect(report(current.flatMap(anyInDeclarations))).to.deep.equal([]);
  });

  it('has no file over 500 lines, nor have tests, benches, examples, scripts and crates', () => {
    const folders = ['test', 'bench', 'examples', 'scripts', 'crates'].filter((name) =>
      existsSync(join(projectRoot, name)),
    );
    const others = folders.flatMap((folder) =>
      ['.ts', '.mjs', '.rs'].flatMap((ending) => readFiles(projectRoot, folder, ending)),
    );
    expect(report([...sources, ...others].flatMap(tooLong))).to.deep.equal([]);
  });
});
