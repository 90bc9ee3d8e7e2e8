// Writes docs/fastcalc.md from the catalogue of indicators and the docstrings of src/fastcalc, or with
// --check says whether the page is what it would write. Needs a build.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PAGE = join(ROOT, 'docs', 'fastcalc.md');
const SOURCES = join(ROOT, 'src', 'fastcalc');

/** Functions that TA-Lib has too; the patterns come to them. */
const TALIB = new Set(
  `accbands acos ad add adosc adx adxr apo aroon aroonosc asin atan atr avgprice avgdev bbands beta bop cci ceil cmo
  correl cos cosh dema div dx ema exp floor ht_dcperiod ht_dcphase ht_phasor ht_sine ht_trendline ht_trendmode imi kama
  linearreg linearreg_angle linearreg_intercept linearreg_slope ln log10 ma macd macdext macdfix mama mavp max maxindex
  medprice mfi midpoint midprice min minindex minmax minmaxindex minus_di minus_dm mom mult natr obv plus_di plus_dm ppo
  roc rocp rocr rocr100 rsi sar sarext sin sinh sma sqrt stddev stoch stochf stochrsi sub sum t3 tan tanh tema trange
  trima trix tsf typprice ultosc var wclprice willr wma`.split(/\s+/),
);

const INTRODUCTION = `# fastcalc: all functions

<!-- Written by \`make docs\` from the catalogue of indicators (crates/fastcalc) and the docstrings of src/fastcalc. -->

Series are \`Float64Array\`, oldest row first; NaN is a missing value. An output has the length of its input, NaN while
warming up. Arguments that cannot be worked with throw a \`ServiceError\` INVALID_ARGUMENT that names the field and, where
one is at fault, the row: \`close[3]\`. Results do not depend on the number of threads, nor on
how rows are split into calls.

**Indicators** (lower-case names) are computed by \`bundle(candles, spec)\`, \`bundleInto\`, \`bundleAsync\`, row by row by
\`IndicatorStream\` (with \`snapshot\` and \`restore\`), and by \`conclave indicators\`. Where TA-Lib has the function, name,
order of parameters and outputs, defaults and warm-up are TA-Lib's; differences are told. *Restarts*: after a row with a
missing value it warms up anew. *Carries on*: it passes such a row over. Candlestick patterns give 100 for a bullish, -100 for
a bearish one and 0 for none (80, 200 where told), with TA-Lib's default candle settings: a body is long or short against the
mean of the last 10, a doji's up to 0.1 of their mean range, a shadow very short below that; near, far and equal are 0.2, 0.6
and 0.05 of the mean range of the last 5. These means are TA-Lib's running sums to the last bit, but summed anew where a spike
leaves, whose rounding TA-Lib keeps.

**Kernels** (names with capitals inside) are functions and classes of \`conclave/fastcalc\`; long ones also run on threads of
their own by \`KernelWorkers\`. *Warm-up* counts rows before the first value; of indicators, with default parameters. Letters stand
for what several have in common, told below the table.

| Function | Formula and meaning | Source | Warm-up | Convention |
|---|---|---|---|---|
`;

/** Text fit for a cell of a table. */
function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ').trim();
}

/** Brackets that begin with a capital and name no source. */
const NO_SOURCE = /^(?:TA-Lib|LEAN|Unix|NaN|Raw)/;

/** What stands in brackets with a year or as a name; a year alone takes the words before it with it. */
function sourcesOf(text) {
  const found = [];
  for (const [, before, inner] of text.matchAll(/((?:[\w'’-]+ ){0,4})\(([^()]+)\)/g)) {
    const source = inner.replace(/, TA-Lib convention.*/, '');
    if (/^(?:1[89]|20)\d\d$/.test(source)) found.push(`${before}${source}`);
    else if (/\b(?:1[89]|20)\d\d\b/.test(source) || /^[A-Z][a-zé]+(?: [A-Z][a-zé]+)?$/.test(source)) {
      if (!NO_SOURCE.test(source)) found.push(source);
    }
  }
  return [...new Set(found)].join('; ');
}

function indicatorRow({ name, about, parameters, outputs, lookback, gap, least, most }) {
  const shown = parameters.map(({ name: parameter, default: value, choices }) =>
    choices.length === 0 ? `${parameter}=${value}` : `${parameter}=${choices[value]}`,
  );
  const call = shown.length === 0 ? name : `${name}(${shown.join(', ')})`;
  const head = outputs.length === 1 ? `\`${call}\`` : `\`${call}\` → ${outputs.join(', ')}`;
  const range = least === undefined ? '' : `; ${least} ${most === undefined ? 'or more' : `to ${most}`}`;
  const convention = TALIB.has(name) || name.startsWith('cdl') ? 'TA-Lib' : 'own';
  const missing = gap === 'restart' ? 'restarts' : 'carries on';
  return [head, about, sourcesOf(about), String(lookback), `${convention}; ${missing}${range}`];
}

/** All TypeScript files of the face but those that declare the addon. */
function sourceTexts(folder = SOURCES) {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (entry.isDirectory()) return sourceTexts(join(folder, entry.name));
      if (!entry.name.endsWith('.ts') || entry.name.startsWith('native')) return [];
      return [readFileSync(join(folder, entry.name), 'utf8')];
    });
}

/** Text of a comment, without its stars; an example set in is left out. */
function commentText(comment) {
  const lines = comment
    .split('\n')
    .map((line) => line.replace(/^\s*(?:\/\*\*?|\*\/|\*)? ?/, '').replace(/\s*\*\/$/, ''));
  const prose = lines.filter((line) => !line.startsWith('    '));
  return prose.join(' ').replaceAll(/\{@link ([^}]+)\}/g, '`$1`');
}

/** Names of the parameters of a function whose parameter list starts at `from`. */
function parameterNames(text, from) {
  let depth = 0;
  let end = from;
  const parts = [''];
  for (; end < text.length; end += 1) {
    const letter = text[end];
    if (')}]>'.includes(letter) && text[end - 1] !== '=') depth -= 1;
    if (depth < 0) break;
    if ('({[<'.includes(letter)) depth += 1;
    if (letter === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += letter;
  }
  const names = parts.map((part) => part.trim().match(/^(?:readonly )?(\w+)(\?| *=|.*= )?/s));
  return names.filter(Boolean).map(([, name]) => name);
}

/** Docstring and parameters of every exported function and class, by name. */
function documented() {
  const found = new Map();
  for (const text of sourceTexts()) {
    const pattern =
      /(\/\*\*(?:(?!\*\/)[\s\S])*\*\/)\nexport (?:async )?(function|class) (\w+)(?:<[^(]*>)?(\(?)/g;
    const notes = [...text.matchAll(/^\/\*\n[\s\S]*?\*\/$/gm)].map(([note]) => commentText(note)).join(' ');
    for (const match of text.matchAll(pattern)) {
      const [whole, comment, kind, name] = match;
      const parameters = kind === 'function' ? parameterNames(text, match.index + whole.length) : undefined;
      found.set(name, { about: commentText(comment), parameters, notes: notes.trim() });
    }
  }
  return found;
}

const WARM_UP = /first value|first at row|is 0; sum|last `horizon` rows|until so many/i;

/** Sentences; a point counts as an end where a capital, a bracket or code follows. */
function sentences(text) {
  return text.trim().split(/(?<=[.;])\s+(?=[A-Z`∑Σπ√(]|first)/);
}

/** A letter for each text, in order of first use. */
class Notes {
  #texts = [];

  letter(text) {
    if (text === '') return '';
    if (!this.#texts.includes(text)) this.#texts.push(text);
    return `[${String.fromCharCode(97 + this.#texts.indexOf(text))}]`;
  }

  toString() {
    return this.#texts.map((text) => `\n**${this.letter(text)}** ${text}\n`).join('');
  }
}

function kernelRow([name, { about, parameters, notes }], common) {
  const head = parameters === undefined ? `\`${name}\`` : `\`${name}(${parameters.join(', ')})\``;
  const [warm, rest] = [[], []];
  for (const sentence of sentences(about)) (WARM_UP.test(sentence) ? warm : rest).push(sentence);
  return [
    head,
    rest.join(' '),
    sourcesOf(about),
    warm.join(' ') || (/at row/.test(notes) ? 'as noted' : 'none'),
    common.letter(notes),
  ];
}

async function render() {
  const fastcalc = await import('../dist/fastcalc/index.js');
  const texts = documented();
  const exported = Object.entries(fastcalc).filter(([, value]) => typeof value === 'function');
  const undocumented = exported.filter(([name]) => !texts.has(name)).map(([name]) => name);
  if (undocumented.length > 0) throw new Error(`without a docstring: ${undocumented.join(', ')}`);
  const kernels = [...texts].filter(([name]) => name in fastcalc);
  const common = new Notes();
  const ofKernels = kernels.map((kernel) => kernelRow(kernel, common));
  const rows = [...fastcalc.listIndicators().map(indicatorRow), ...ofKernels];
  const table = rows.map((row) => `| ${row.map(cell).join(' | ')} |\n`).join('');
  return `${INTRODUCTION}${table}${common}`;
}

const page = await render();
if (!process.argv.includes('--check')) writeFileSync(PAGE, page);
else if (readFileSync(PAGE, 'utf8') !== page) {
  console.error('docs/fastcalc.md is not what the docstrings say: run `make docs`');
  process.exitCode = 1;
}
