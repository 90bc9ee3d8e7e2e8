import type { Measured } from './measure.js';

const WIDTH = 900;
const HEIGHT = 520;
const LEFT = 70;
const RIGHT = 210;
const TOP = 50;
const BOTTOM = 50;
/** Readable on white and on near black (contrast of at least 3 against both). */
const COLOURS = [
  '#2b83d6',
  '#d1495b',
  '#3a9d5d',
  '#b07d12',
  '#8f5fd0',
  '#0f8f9c',
  '#c2589f',
  '#7a7f87',
  '#d0662a',
];
const INK = '#7d8590';

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function text(x: number, y: number, said: string, anchor = 'start', fill = INK): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="${fill}">${escaped(said)}</text>`;
}

/** Round numbers from 0 to at least `most`. */
function ticks(most: number): number[] {
  const power = 10 ** Math.floor(Math.log10(most));
  const step = [0.2, 0.5, 1, 2].map((part) => part * power).find((each) => most / each <= 6) ?? power;
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, index) => index * step);
}

/** The mean lead over plurality as a drawing without a background of its own. */
export function leadPlot(measured: readonly Measured[]): string {
  const shown = measured.filter(({ name }) => name.startsWith('B'));
  const points = Math.max(...shown.map(({ lead }) => lead.length));
  const marks = ticks(Math.max(1, ...shown.flatMap(({ lead }) => lead)));
  const top = marks.at(-1) ?? 1;
  const x = (index: number): number => LEFT + ((index + 1) / points) * (WIDTH - LEFT - RIGHT);
  const y = (value: number): number => HEIGHT - BOTTOM - (value / top) * (HEIGHT - TOP - BOTTOM);
  const parts = [
    text(LEFT, 26, 'Lead over the plurality vote, basis points, mean over the seeds'),
    ...marks.map(
      (mark) =>
        `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(mark)}" y2="${y(mark)}" stroke="${INK}" stroke-opacity="0.35"/>` +
        text(LEFT - 8, y(mark) + 4, mark.toLocaleString('en-US'), 'end'),
    ),
    ...[0.25, 0.5, 0.75, 1].map((part) =>
      text(
        x(part * points - 1),
        HEIGHT - BOTTOM + 22,
        (part * points * 100).toLocaleString('en-US'),
        'middle',
      ),
    ),
    text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, 'decisions', 'middle'),
  ];
  for (const [index, { name, lead }] of shown.entries()) {
    const colour = COLOURS[index % COLOURS.length] ?? INK;
    const path = lead.map((value, at) => `${at === 0 ? 'M' : 'L'}${x(at).toFixed(1)} ${y(value).toFixed(1)}`);
    parts.push(`<path d="${path.join('')}" fill="none" stroke="${colour}" stroke-width="2"/>`);
    const row = TOP + 14 + 22 * index;
    parts.push(
      `<line x1="${WIDTH - RIGHT + 16}" x2="${WIDTH - RIGHT + 40}" y1="${row - 4}" y2="${row - 4}" stroke="${colour}" stroke-width="3"/>`,
      text(WIDTH - RIGHT + 48, row, name),
    );
  }
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="13" ` +
    `role="img" aria-label="Lead of the decider over the plurality vote">${parts.join('\n')}</svg>\n`
  );
}
