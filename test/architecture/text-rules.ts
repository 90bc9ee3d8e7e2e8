import { bareCode } from './bare-code.js';
import { lineAt, type SourceFile, type Violation } from './source-file.js';

const MAX_LINES = 500;

/** Time and chance come through Clock and Rng, or a run could not be repeated. */
const IMPURE: readonly (readonly [RegExp, string])[] = [
  [/\bDate\s*\.\s*now\b/g, 'Date.now: must be Clock.nowMs'],
  [/\bperformance\s*\.\s*now\b/g, 'performance.now: must be Clock.monotonicMs'],
  [/\bMath\s*\.\s*random\b/g, 'Math.random: must be Rng'],
  [/\bnew\s+Date\b\s*(?:\(\s*\)|(?!\s*\())/g, 'new Date without a time: must be Clock.nowMs'],
  [/\bprocess\s*\.\s*hrtime\b/g, 'process.hrtime: must be Clock.monotonicMs'],
];

const DEFAULT_EXPORT: readonly (readonly [RegExp, string])[] = [
  [/\bexport\s+default\b/g, 'default export: must have a name'],
  [/\bexport\s*\{[^}]*\bas\s+default\b/g, 'default export: must have a name'],
];

const ANY: readonly (readonly [RegExp, string])[] = [
  // Not a property or method of that name.
  [/(?<![.\w$])any\b(?!\s*[?]?\s*[:(])/g, 'any in a declaration: must be a type, or unknown'],
];

function matches({ path, text }: SourceFile, rules: readonly (readonly [RegExp, string])[]): Violation[] {
  const code = bareCode(text);
  return rules.flatMap(([pattern, message]) =>
    [...code.matchAll(pattern)].map(({ index }) => ({ path, line: lineAt(text, index), text: message })),
  );
}

/** Reads of the machine's clock or of chance. */
export function impureCalls(file: SourceFile): Violation[] {
  return matches(file, IMPURE);
}

export function defaultExports(file: SourceFile): Violation[] {
  return matches(file, DEFAULT_EXPORT);
}

/** `any` in a declaration file: what users of the module would get. */
export function anyInDeclarations(file: SourceFile): Violation[] {
  return matches(file, ANY);
}

export function tooLong({ path, text }: SourceFile): Violation[] {
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  return lines > MAX_LINES ? [{ path, text: `${lines} lines; must be at most ${MAX_LINES}` }] : [];
}
