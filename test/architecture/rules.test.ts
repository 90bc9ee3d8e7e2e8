import { expect } from 'chai';
import fc from 'fast-check';
import { bareCode } from './bare-code.js';
import { findCycles } from './cycles.js';
import { importsOf } from './imports.js';
import { fileCycles, type Layering, layerViolations, unknownParts } from './layer-rules.js';
import { LAYERINGS, ML_SERVICE, SERVICE_FRAMEWORK, TOP } from './layers.js';
import { lineAt, report, type SourceFile } from './source-file.js';
import { anyInDeclarations, defaultExports, impureCalls, tooLong } from './text-rules.js';

/** What the rules say about a few small files. */
function judge(layering: Layering, files: Record<string, string>): string[] {
  const imports = Object.entries(files).flatMap(([path, text]) => importsOf({ path, text }));
  return report(layerViolations(layering, imports));
}

const file = (text: string): SourceFile => ({ path: 'src/a.ts', text });

describe('the rule of layers', () => {
  it('refuses an import that points upward, of values and of types', () => {
    for (const statement of [
      `import { Vote } from '../ml-service/index.js';`,
      `import type { Vote } from '../ml-service/index.js';`,
      `import {\n  Vote,\n} from "../ml-service/index.js";`,
      `export * from '../ml-service/index.js';`,
      `export type { Vote } from '../ml-service/index.js';`,
      `import '../ml-service/index.js';`,
      `const late = await import('../ml-service/index.js');`,
      `let vote: import('../ml-service/index.js').Vote;`,
    ])
      expect(judge(TOP, { 'src/market-data/a.ts': statement }), statement).to.deep.equal([
        `src/market-data/a.ts:${statement.includes('{\n') ? 3 : 1}: market-data may not import ml-service, which lies above it`,
      ]);
  });

  it('allows what points downward or stays at home', () => {
    const files = {
      'src/cli/a.ts': `import { x } from '../runtime/index.js';`,
      'src/cli/b/c.ts': `import { x } from '../a.js';\nimport { y } from '../../clients/index.js';`,
      'src/runtime/a.ts': `import { join } from 'node:path';\nimport { pino } from 'pino';`,
    };
    expect(judge(TOP, files)).to.deep.equal([]);
  });

  it('refuses to enter another top folder but through its index', () => {
    expect(judge(TOP, { 'src/cli/a.ts': `import { x } from '../runtime/clock.js';` })).to.deep.equal([
      'src/cli/a.ts:1: imports src/runtime/clock.ts; must be src/runtime/index.ts',
    ]);
    expect(judge(TOP, { 'src/cli/a.ts': `import { x } from '../runtime/config/index.js';` })).to.have.length(
      1,
    );
    const within = { 'src/ml-service/handlers/a.ts': `import { Vote } from '../dto/vote.js';` };
    expect(judge(ML_SERVICE, within)).to.deep.equal([]);
  });

  it('lets neighbours of one tier import one another in one direction only', () => {
    const there = { 'src/strategies/a.ts': `import { x } from '../backtesting/index.js';` };
    expect(judge(TOP, there)).to.deep.equal([]);
    const andBack = { ...there, 'src/backtesting/a.ts': `import { x } from '../strategies/index.js';` };
    expect(judge(TOP, andBack)).to.deep.equal([
      'src/: folders import one another in a ring: strategies → backtesting → strategies',
    ]);
  });

  it('holds within ml-service and within service-framework too', () => {
    const upward: readonly (readonly [Layering, string, string])[] = [
      [ML_SERVICE, 'dto', 'journal'],
      [ML_SERVICE, 'journal', 'decider'],
      [ML_SERVICE, 'experts', 'handlers'],
      [ML_SERVICE, 'decider', 'handlers'],
      [SERVICE_FRAMEWORK, 'protocol', 'handler'],
      [SERVICE_FRAMEWORK, 'handler', 'transport'],
      [SERVICE_FRAMEWORK, 'transport', 'client'],
      [SERVICE_FRAMEWORK, 'transport', 'host'],
    ];
    for (const [layering, low, high] of upward) {
      const path = `${layering.folder}${low}/deep/a.ts`;
      expect(judge(layering, { [path]: `import { x } from '../../${high}/b.js';` })).to.deep.equal([
        `${path}:1: ${low} may not import ${high}, which lies above it`,
      ]);
    }
    expect(
      judge(ML_SERVICE, { 'src/ml-service/handlers/a.ts': `import { x } from '../main.js';` }),
    ).to.have.length(1);
  });

  it('refuses a folder that has no layer yet', () => {
    expect(report(unknownParts(TOP, ['src/runtime/a.ts', 'src/junk/a.ts', 'src/loose.ts']))).to.deep.equal([
      'src/junk/a.ts: junk has no place among the layers of src/',
      'src/loose.ts: loose.ts has no place among the layers of src/',
    ]);
  });

  it('names every folder once', () => {
    for (const { tiers } of LAYERINGS) expect(new Set(tiers.flat()).size).to.equal(tiers.flat().length);
  });
});

describe('the rule of rings', () => {
  it('finds files that import one another, types included', () => {
    const files = {
      'src/a.ts': `import type { B } from './b.js';`,
      'src/b.ts': `import { C } from './c/index.js';`,
      'src/c/index.ts': `export { A } from '../a.js';`,
      'src/d.ts': `import './a.js';`,
    };
    const imports = Object.entries(files).flatMap(([path, text]) => importsOf({ path, text }));
    expect(report(fileCycles(imports))).to.deep.equal([
      'src/a.ts: imports itself by a ring: src/a.ts → src/b.ts → src/c/index.ts → src/a.ts',
    ]);
    expect(fileCycles(imports.filter(({ from }) => from !== 'src/b.ts'))).to.deep.equal([]);
    expect(fileCycles(importsOf({ path: 'src/a.ts', text: `import './a.js';` }))).to.have.length(1);
  });

  it('finds a ring exactly when there is one', () => {
    const node = fc.integer({ min: 0, max: 7 });
    fc.assert(
      fc.property(fc.array(fc.tuple(node, node), { maxLength: 14 }), (edges) => {
        const graph = new Map<string, Set<string>>();
        for (const [from, to] of edges)
          graph.set(`${from}`, (graph.get(`${from}`) ?? new Set()).add(`${to}`));
        // Kahn (1962): what cannot be taken away leaf by leaf holds a ring.
        let left = edges;
        for (;;) {
          const kept = left.filter(([, to]) => left.some(([from]) => from === to));
          if (kept.length === left.length) break;
          left = kept;
        }
        const rings = findCycles(graph);
        expect(rings.length > 0).to.equal(left.length > 0);
        for (const ring of rings) {
          expect(ring.at(-1)).to.equal(ring[0]);
          for (const [i, from] of ring.slice(0, -1).entries())
            expect(graph.get(from)).to.include(ring[i + 1]);
        }
      }),
    );
  });
});

describe('the rules of text', () => {
  it('find clock and chance in code, not in comments, strings or patterns', () => {
    const planted = [
      'const a = Date.now();',
      'const a = { now: Date.now };',
      'const a = Math.random();',
      'const a = performance.now();',
      'const a = new Date();',
      'const a = new Date( );',
      'const a = new Date;',
      'const a = process.hrtime.bigint();',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the planted code is a template
      'const a = `at ${Date.now()}`;',
      'const a = x / y; const b = Date.now(); // /',
      `const a = /['"]/; const b = Date.now();`,
    ];
    for (const text of planted) expect(impureCalls(file(text)), text).to.have.length(1);
    const innocent = [
      '// Date.now()\n/* Math.random() */',
      `const a = 'Date.now()' + "it's new Date()";`,
      'const a = `Date.now()`;',
      'const a = /Math.random()/;',
      'const a = new Date(timeMs);',
      'const a = new Date(Date.UTC(2000, 0, 1));',
      'const a = new DateRange(); const b = clock.now();',
    ];
    for (const text of innocent) expect(impureCalls(file(text)), text).to.deep.equal([]);
    expect(report(impureCalls(file('\n\nlet a = Date.now();')))).to.deep.equal([
      'src/a.ts:3: Date.now: must be Clock.nowMs',
    ]);
  });

  it('find default exports', () => {
    for (const text of ['export default 1;', 'export default class {}', 'export { a, b as default };'])
      expect(defaultExports(file(text)), text).to.have.length(1);
    for (const text of [
      'export { default as a } from "x";',
      '// export default',
      'export const defaults = 1;',
    ])
      expect(defaultExports(file(text)), text).to.deep.equal([]);
  });

  it('find any in declarations', () => {
    for (const text of [
      'export declare const a: any;',
      'export declare function f(a: Map<string, any>): void;',
      'export type A = any[];',
      'export declare function f(): Promise<any>;',
    ])
      expect(anyInDeclarations(file(text)), text).to.have.length(1);
    for (const text of [
      '/** any */',
      'a: "any" | unknown;',
      'any: string;',
      'any(a: string): void;',
      'anyone: many;',
    ])
      expect(anyInDeclarations(file(text)), text).to.deep.equal([]);
  });

  it('find files of more than 500 lines', () => {
    expect(tooLong(file('a\n'.repeat(500)))).to.deep.equal([]);
    expect(report(tooLong(file('a\n'.repeat(501))))).to.deep.equal([
      'src/a.ts: 501 lines; must be at most 500',
    ]);
  });
});

describe('bare code', () => {
  it('keeps the length, the lines and the code', () => {
    const text = `const a = 'x'; // one\nconst b = /[/'"]\\//g; /* two\n */ const c = a / b / 2;\n`;
    const code = bareCode(text);
    expect(code).to.have.length(text.length);
    expect(code.split('\n').map((line) => line.replaceAll(/ +/g, ' ').trim())).to.deep.equal([
      `const a = ' ';`,
      'const b = / /g;',
      'const c = a / b / 2;',
      '',
    ]);
    expect(lineAt(text, text.indexOf('const c'))).to.equal(3);
  });

  it('follows templates into their expressions and back', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the code under test is a template
    const code = bareCode('f(`a ${g({ b: `c ${d} e` })} h`, i);');
    // biome-ignore lint/suspicious/noTemplateCurlyInString: so is what remains of it
    expect(code.replaceAll(/ +/g, ' ')).to.equal('f(` ${g({ b: ` ${d} ` })} `, i);');
  });

  it('never fails and never changes the length, whatever the text', () => {
    const piece = fc.constantFrom(
      "'",
      '"',
      '`',
      '${',
      '}',
      '/',
      '//',
      '/*',
      '*/',
      '\\',
      '\n',
      'a',
      '[',
      ']',
      '(',
    );
    fc.assert(
      fc.property(
        fc.array(piece).map((pieces) => pieces.join('')),
        (text) => {
          expect(bareCode(text)).to.have.length(text.length);
          expect(bareCode(text).split('\n')).to.have.length(text.split('\n').length);
        },
      ),
    );
  });
});
