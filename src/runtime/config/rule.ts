import { isAbsolute, resolve } from 'node:path';
import { ENDPOINT_SCHEMES, type EndpointRule, type ListRule, type ScalarRule } from './setting.js';

/** A value that passed its rule, or undefined where it did not. */
export type Checked<T> = { readonly value: T } | undefined;

type Scalar = string | number | boolean;

const INTEGER_TEXT = /^[+-]?\d+$/;
const NUMBER_TEXT = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const TCP = /^tcp:\/\/(\*|\[[0-9A-Fa-f:.%]+\]|[A-Za-z0-9_.-]+):(\*|\d{1,5})$/;
const MAX_PORT = 65_535;
/** sockaddr_un holds 108 bytes with the closing zero. */
const MAX_IPC_PATH_BYTES = 107;

/** Checks a typed value (from YAML or a default). `baseFolder` is where relative paths start. */
export function checkScalar(rule: ScalarRule, value: unknown, baseFolder: string): Checked<Scalar> {
  switch (rule.type) {
    case 'boolean':
      return typeof value === 'boolean' ? { value } : undefined;
    case 'integer':
      return Number.isSafeInteger(value) ? inRange(rule, value as number) : undefined;
    case 'number':
      return Number.isFinite(value) ? inRange(rule, value as number) : undefined;
    case 'enum':
      return typeof value === 'string' && rule.values.includes(value) ? { value } : undefined;
    case 'endpoint':
      return typeof value === 'string' && isEndpoint(rule, value) ? { value } : undefined;
    case 'path':
      if (typeof value !== 'string' || value === '' || value.includes('\0')) return undefined;
      return { value: isAbsolute(value) ? value : resolve(baseFolder, value) };
    case 'string': {
      if (typeof value !== 'string' || value.length < (rule.minLength ?? 1)) return undefined;
      if (value.length > (rule.maxLength ?? Number.POSITIVE_INFINITY)) return undefined;
      if (rule.pattern && !new RegExp(`^(?:${rule.pattern.source})$`, rule.pattern.flags).test(value))
        return undefined;
      return { value };
    }
  }
}

/** Checks text from a flag or the environment, turning it into the rule's type first. */
export function checkScalarText(rule: ScalarRule, text: string, baseFolder: string): Checked<Scalar> {
  const trimmed = text.trim();
  switch (rule.type) {
    case 'boolean':
      if (trimmed === 'true' || trimmed === '1') return { value: true };
      return trimmed === 'false' || trimmed === '0' ? { value: false } : undefined;
    case 'integer':
      return INTEGER_TEXT.test(trimmed) ? checkScalar(rule, Number(trimmed), baseFolder) : undefined;
    case 'number':
      return NUMBER_TEXT.test(trimmed) ? checkScalar(rule, Number(trimmed), baseFolder) : undefined;
    default:
      return checkScalar(rule, text, baseFolder);
  }
}

/** Whether a list may have that many elements. */
export function fitsCount(rule: ListRule, count: number): boolean {
  return count >= (rule.minItems ?? 0) && count <= (rule.maxItems ?? Number.POSITIVE_INFINITY);
}

/** What a rule allows, in words: `an integer from 1 to 60000`. */
export function describeRule(rule: ScalarRule | ListRule): string {
  switch (rule.type) {
    case 'boolean':
      return 'true or false';
    case 'integer':
      return `an integer${describeRange(rule)}`;
    case 'number':
      return `a number${describeRange(rule)}`;
    case 'enum':
      return rule.values.length === 1 ? `${rule.values[0]}` : `one of ${rule.values.join(', ')}`;
    case 'path':
      return 'a path';
    case 'endpoint':
      return describeEndpoint(rule);
    case 'string':
      return `a text${describeText(rule.minLength ?? 1, rule.maxLength)}${describePattern(rule)}`;
    case 'list': {
      const { minItems: min = 0, maxItems: max } = rule;
      const count = max === undefined ? (min > 0 ? ` of at least ${min}` : '') : ` of ${min} to ${max}`;
      return `a list${count}, each ${describeRule(rule.items)}`;
    }
  }
}

interface Range {
  readonly min?: number;
  readonly max?: number;
}

function inRange(range: Range, value: number): Checked<number> {
  if (value < (range.min ?? Number.NEGATIVE_INFINITY)) return undefined;
  return value > (range.max ?? Number.POSITIVE_INFINITY) ? undefined : { value };
}

function describeRange({ min, max }: Range): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  if (min !== undefined) return ` of at least ${min}`;
  return max === undefined ? '' : ` of at most ${max}`;
}

function describeText(min: number, max: number | undefined): string {
  if (max !== undefined) return ` of ${min} to ${max} characters`;
  return min > 0 ? ` of at least ${min} character${min === 1 ? '' : 's'}` : '';
}

function describePattern(rule: { readonly pattern?: RegExp; readonly patternHelp?: string }): string {
  if (!rule.pattern) return '';
  return rule.patternHelp === undefined ? ` matching ${rule.pattern}` : ` (${rule.patternHelp})`;
}

function isEndpoint(rule: EndpointRule, text: string): boolean {
  const schemes = rule.schemes ?? ENDPOINT_SCHEMES;
  const scheme = schemes.find((name) => text.startsWith(`${name}://`));
  if (scheme === undefined) return false;
  if (scheme !== 'tcp') {
    const name = text.slice(scheme.length + 3);
    if (name === '' || name.includes('\0')) return false;
    return scheme === 'inproc' || Buffer.byteLength(name) <= MAX_IPC_PATH_BYTES;
  }
  const port = TCP.exec(text)?.[2];
  return port !== undefined && (port === '*' || Number(port) <= MAX_PORT);
}

function describeEndpoint(rule: EndpointRule): string {
  const forms = { tcp: 'tcp://host:port', ipc: 'ipc://path', inproc: 'inproc://name' };
  return `an endpoint ${(rule.schemes ?? ENDPOINT_SCHEMES).map((scheme) => forms[scheme]).join(' or ')}`;
}
