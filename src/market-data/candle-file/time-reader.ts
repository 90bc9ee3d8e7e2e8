/** One way to write a time. */
interface TimeFormat {
  /** In words, for messages. */
  readonly description: string;
  /** Unix milliseconds, or NaN where the text is not of this format. */
  parse(text: string): number;
}

const NUMBER = /^[+-]?\d+(\.\d+)?$/;
const COMPACT = /^(19|20|21)\d{6}$/;
const ISO =
  /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$/;
const WRITTEN = /^([A-Za-z]{3})[a-z]*\.? (\d{1,2}),? (\d{4})$/;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MINUTE_MS = 60_000;

function unix(unit: string, perMs: number, msPer: number): TimeFormat {
  return {
    description: `Unix ${unit}`,
    parse: (text) => (NUMBER.test(text) ? Math.round((Number(text) / perMs) * msPer) : Number.NaN),
  };
}

const SECONDS = unix('seconds', 1, 1000);
const MILLISECONDS = unix('milliseconds', 1, 1);
const MICROSECONDS = unix('microseconds', 1000, 1);
const NANOSECONDS = unix('nanoseconds', 1_000_000, 1);

/**
 * Upper bounds of the magnitude of each unit. As milliseconds 1e11 is March 1973, as seconds the year
 * 5138; the other two are spaced alike.
 */
const UNIX_BY_MAGNITUDE: readonly (readonly [number, TimeFormat])[] = [
  [1e11, SECONDS],
  [1e14, MILLISECONDS],
  [1e17, MICROSECONDS],
  [1e20, NANOSECONDS],
];

const COMPACT_DATES: TimeFormat = {
  description: 'dates like 20000103',
  parse: (text) =>
    COMPACT.test(text)
      ? utc(Number(text.slice(0, 4)), Number(text.slice(4, 6)), Number(text.slice(6, 8)))
      : Number.NaN,
};

const ISO_DATES: TimeFormat = {
  description: 'dates like 2000-01-03 or 2000-01-03T09:30:00Z',
  parse(text) {
    const match = ISO.exec(text);
    if (!match) return Number.NaN;
    const [hour, minute, second] = [match[4], match[5], match[6]].map((part) => Number(part ?? 0));
    const milliseconds = Math.floor(Number(`0.${match[7] ?? 0}`) * 1000);
    const dayMs = utc(Number(match[1]), Number(match[2]), Number(match[3]));
    if (hour === undefined || minute === undefined || second === undefined) return Number.NaN;
    if (hour > 23 || minute > 59 || second > 59) return Number.NaN;
    return dayMs + ((hour * 60 + minute) * 60 + second) * 1000 + milliseconds - offsetMs(match[8]);
  },
};

const WRITTEN_DATES: TimeFormat = {
  description: 'dates like Jan 3 2000',
  parse(text) {
    const match = WRITTEN.exec(text);
    const month = MONTHS.indexOf(match?.[1]?.toLowerCase() ?? '');
    return match && month >= 0 ? utc(Number(match[3]), month + 1, Number(match[2])) : Number.NaN;
  },
};

/** Start of a day; NaN for one that no calendar has, such as 30 February. */
function utc(year: number, month: number, day: number): number {
  const timeMs = Date.UTC(year, month - 1, day);
  const date = new Date(timeMs);
  const real =
    date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return real ? timeMs : Number.NaN;
}

/** Without a zone a time is UTC: the machine's own zone must not change what a file means. */
function offsetMs(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z' || zone === 'UTC') return 0;
  const sign = zone.startsWith('-') ? -1 : 1;
  return sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))) * MINUTE_MS;
}

function formatOf(text: string): TimeFormat | undefined {
  // Before Unix seconds: eight digits would be a moment of 1970 that nobody has candles of.
  if (!Number.isNaN(COMPACT_DATES.parse(text))) return COMPACT_DATES;
  if (NUMBER.test(text)) return UNIX_BY_MAGNITUDE.find(([limit]) => Math.abs(Number(text)) < limit)?.[1];
  return [ISO_DATES, WRITTEN_DATES].find((format) => !Number.isNaN(format.parse(text)));
}

/** Reads the times of one column. The first row decides the format; the others must follow it. */
export class TimeReader {
  #format: TimeFormat | undefined;

  /** @param milliseconds the header says so: no guessing */
  constructor(milliseconds: boolean) {
    if (milliseconds) this.#format = MILLISECONDS;
  }

  /** Unix milliseconds, or NaN where the text is no time of the column's format. */
  read(text: string): number {
    this.#format ??= formatOf(text);
    return this.#format?.parse(text) ?? Number.NaN;
  }

  /** What `read` understands, for messages. */
  get allowed(): string {
    if (this.#format) return `a time as ${this.#format.description}`;
    return 'a time: Unix seconds to nanoseconds, 2000-01-03, 2000-01-03T09:30:00Z, 20000103 or Jan 3 2000';
  }
}
