/** A field of a type as a page writes it: `name? {…}`. */
export interface DocumentedField {
  readonly name: string;
  readonly optional: boolean;
  /** Those of the map, or of the maps in the list, that it holds. */
  readonly fields: readonly DocumentedField[];
}

/** The fields of the first `{…}` in a text; none where there is none. */
export function fieldsIn(text: string): DocumentedField[] {
  const inner = firstBraces(text);
  if (inner === undefined) return [];
  return parts(inner).flatMap((part) => {
    const [, name, optional, rest = ''] = /^\s*(\w+)(\?)?([\s\S]*)$/.exec(part) ?? [];
    return name === undefined ? [] : [{ name, optional: optional === '?', fields: fieldsIn(rest) }];
  });
}

/** What stands between the first brace and the one that closes it. */
function firstBraces(text: string): string | undefined {
  const start = text.indexOf('{');
  if (start < 0) return undefined;
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    if (text[i] === '{') depth++;
    if (text[i] === '}' && --depth === 0) return text.slice(start + 1, i);
  }
  throw new Error(`no closing brace: ${text.slice(start, start + 60)}`);
}

/** Split at the commas that are not inside brackets. */
function parts(text: string): string[] {
  const found: string[] = [''];
  let depth = 0;
  for (const character of text) {
    if ('{['.includes(character)) depth++;
    if ('}]'.includes(character)) depth--;
    if (character === ',' && depth === 0) found.push('');
    else found[found.length - 1] += character;
  }
  return found;
}
