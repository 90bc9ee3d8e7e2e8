import { posix } from 'node:path';
import { bareCode } from './bare-code.js';
import { lineAt, type SourceFile } from './source-file.js';

/** One import or re-export of another file of the project, values and types alike. */
export interface ImportOf {
  /** The importing file. */
  readonly from: string;
  readonly line: number;
  /** The imported file, as its TypeScript source. */
  readonly to: string;
}

/** `from '…'`, `import '…'`, `import('…')`; a name like `Array.from` has a dot before and a bracket after. */
const SPECIFIER = /(?<![.\w$])(?:from|import)\s*\(?\s*(["'`])/g;

/** The imports of a file that point to files of the project; packages are left out. */
export function importsOf(file: SourceFile): ImportOf[] {
  const code = bareCode(file.text);
  const found: ImportOf[] = [];
  for (const match of code.matchAll(SPECIFIER)) {
    const quote = match[1] ?? '';
    const start = match.index + match[0].length;
    const specifier = file.text.slice(start, file.text.indexOf(quote, start));
    if (!specifier.startsWith('.')) continue;
    const to = posix.join(posix.dirname(file.path), specifier).replace(/\.js$/, '.ts');
    found.push({ from: file.path, line: lineAt(file.text, match.index), to });
  }
  return found;
}
