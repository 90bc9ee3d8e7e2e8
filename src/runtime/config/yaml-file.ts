import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import { describeValue } from '../service-error.js';
import { nearest } from './nearest.js';
import { checkScalar, fitsCount } from './rule.js';
import { isSetting, type Section, type Setting } from './setting.js';
import { Findings, wrongValue } from './source.js';

/** A YAML file to read: its text, the name shown in messages, and where its relative paths start. */
export interface YamlText {
  readonly text: string;
  readonly shownName: string;
  readonly folder: string;
}

/** Messages of the parser that speak of its own interface or insides. */
const PLAINER: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: 'more than one document',
  RESOURCE_EXHAUSTION: 'nested too deeply',
};

/** Reads a YAML document (1.2, core schema) of nested sections against the schema's. */
export function readYaml(sections: Section, file: YamlText): Findings {
  return new YamlReader(sections, file).read();
}

class YamlReader {
  readonly #sections: Section;
  readonly #file: YamlText;
  readonly #findings = new Findings();
  readonly #lines = new LineCounter();
  #resolve: (node: unknown) => unknown = (node) => node;

  constructor(sections: Section, file: YamlText) {
    this.#sections = sections;
    this.#file = file;
  }

  read(): Findings {
    const document = parseDocument(this.#file.text, {
      lineCounter: this.#lines,
      // Repeated keys are reported by #section, with the place of the first one.
      uniqueKeys: false,
      // The pretty form quotes the line, which may hold a secret.
      prettyErrors: false,
      // Anything quieter lets a second document pass in silence; nothing is ever printed.
      logLevel: 'error',
    });
    this.#resolve = (node) => (isAlias(node) ? node.resolve(document) : node);
    const faults = [...document.errors, ...document.warnings];
    for (const { pos, code, message } of faults) {
      const text = `YAML: ${PLAINER[code] ?? message}`;
      this.#findings.problems.push({ origin: this.#originAt(pos[0]), text });
    }
    if (faults.length > 0) return this.#findings;

    const root = this.#resolve(document.contents);
    const empty = root === null || (isScalar(root) && root.value === null);
    if (!empty) this.#section(root, this.#sections, '', this.#originAt(0));
    return this.#findings;
  }

  #section(node: unknown, section: Section, prefix: string, origin: string): void {
    const path = prefix.slice(0, -1);
    // A section of which all lines are commented out.
    if (isScalar(node) && node.value === null) return;
    if (!isMap(node)) {
      const allowed = `must be a section with ${Object.keys(section).join(', ')}`;
      this.#findings.reject(path || 'the document', origin, `${describeNode(node)}; ${allowed}`);
      return;
    }
    const firstLines = new Map<string, string>();
    for (const pair of node.items as Pair<Node, unknown>[]) {
      const key = this.#resolve(pair.key);
      const here = this.#originAt((pair.key as Node | null)?.range?.[0] ?? node.range?.[0] ?? 0);
      const name = isScalar(key) ? String(key.value) : undefined;
      const at = prefix + (name ?? '?');
      const first = firstLines.get(at);
      if (first !== undefined) {
        this.#findings.reject(at, here, `given twice; first at ${first}`);
        continue;
      }
      firstLines.set(at, here);
      const entry = name !== undefined && Object.hasOwn(section, name) ? section[name] : undefined;
      if (entry === undefined)
        this.#findings.problems.push({ origin: here, path: at, text: this.#unknown(at, section, prefix) });
      else if (isSetting(entry)) this.#setting(this.#resolve(pair.value), entry, at, here);
      else this.#section(this.#resolve(pair.value), entry, `${at}.`, here);
    }
  }

  #setting(node: unknown, setting: Setting, path: string, keyOrigin: string): void {
    const origin = isScalar(node) && node.range ? this.#originAt(node.range[0]) : keyOrigin;
    if (setting.type !== 'list') {
      const checked = isScalar(node) ? checkScalar(setting, node.value, this.#file.folder) : undefined;
      if (checked) this.#findings.accept(path, checked.value, origin);
      else this.#findings.reject(path, origin, wrongValue(setting, describeNode(node)));
      return;
    }
    if (!isSeq(node) || !fitsCount(setting, node.items.length)) {
      this.#findings.reject(path, origin, wrongValue(setting, describeNode(node)));
      return;
    }
    const values: (string | number | boolean)[] = [];
    for (const [index, item] of node.items.map(this.#resolve).entries()) {
      const checked = isScalar(item) ? checkScalar(setting.items, item.value, this.#file.folder) : undefined;
      const itemOrigin = isScalar(item) && item.range ? this.#originAt(item.range[0]) : origin;
      if (checked) values.push(checked.value);
      else this.#findings.reject(`${path}[${index}]`, itemOrigin, wrongValue(setting, describeNode(item)));
    }
    this.#findings.given.add(path);
    if (values.length === node.items.length) this.#findings.accept(path, Object.freeze(values), keyOrigin);
  }

  /** Looks among the neighbours first, then for a key that was put into the wrong section. */
  #unknown(path: string, section: Section, prefix: string): string {
    const name = path.slice(prefix.length);
    const neighbour = nearest(name, Object.keys(section));
    const close = neighbour === undefined ? findNamed(this.#sections, name) : prefix + neighbour;
    return close === undefined ? 'unknown' : `unknown; did you mean ${close}?`;
  }

  #originAt(offset: number): string {
    return `${this.#file.shownName}:${Math.max(1, this.#lines.linePos(offset).line)}`;
  }
}

function findNamed(section: Section, name: string, prefix = ''): string | undefined {
  for (const [key, entry] of Object.entries(section)) {
    const path = prefix + key;
    if (key.toLowerCase() === name.toLowerCase()) return path;
    const deeper = isSetting(entry) ? undefined : findNamed(entry, name, `${path}.`);
    if (deeper !== undefined) return deeper;
  }
  return undefined;
}

function describeNode(node: unknown): string {
  if (isMap(node)) return 'a section';
  if (isSeq(node)) return `a list of ${node.items.length}`;
  return isScalar(node) && node.value !== null ? describeValue(node.value) : 'empty';
}
