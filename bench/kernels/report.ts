import Table from 'cli-table3';

/** One line of the table. */
export interface Figure {
  readonly figure: string;
  readonly ours: number;
  readonly theirs?: number;
  readonly unit: string;
  /** What counts: the ratio to the peer, or ours itself. */
  readonly measured: number;
  readonly bar?: number;
  readonly aim?: number;
  /** Whether more is better. */
  readonly atLeast: boolean;
}

/** A figure against a peer. */
export function ratio(
  figure: string,
  unit: string,
  { ours, theirs }: { ours: number; theirs: number },
  bar?: number,
  aim?: number,
): Figure {
  return { figure, ours, theirs, unit, measured: theirs / ours, atLeast: true, ...goals(bar, aim) };
}

/** A figure of ours alone. */
export function own(
  figure: string,
  unit: string,
  ours: number,
  atLeast: boolean,
  bar?: number,
  aim?: number,
): Figure {
  return { figure, ours, unit, measured: ours, atLeast, ...goals(bar, aim) };
}

function goals(bar?: number, aim?: number): Pick<Figure, 'bar' | 'aim'> {
  return { ...(bar === undefined ? {} : { bar }), ...(aim === undefined ? {} : { aim }) };
}

export function reached({ measured, bar, atLeast }: Figure): boolean {
  return bar === undefined || (atLeast ? measured >= bar : measured <= bar);
}

export function asTable(figures: readonly Figure[]): string {
  const table = new Table({
    head: ['figure', 'unit', 'ours', 'theirs', 'measured', 'bar', 'aim', 'reached'],
    colAligns: ['left', 'left', 'right', 'right', 'right', 'right', 'right', 'left'],
    style: { head: [], border: [], compact: true },
  });
  for (const figure of figures) {
    const { ours, theirs, measured, bar, aim, atLeast } = figure;
    const sign = atLeast ? '>=' : '<=';
    const goal = (value: number | undefined): string =>
      value === undefined ? '' : `${sign} ${short(value)}`;
    const times = theirs === undefined ? '' : ' x';
    table.push([
      figure.figure,
      figure.unit,
      short(ours),
      theirs === undefined ? '' : short(theirs),
      short(measured) + times,
      goal(bar),
      goal(aim),
      bar === undefined ? '' : reached(figure) ? 'yes' : 'NO',
    ]);
  }
  return table.toString();
}

function short(value: number): string {
  return value >= 100 ? value.toFixed(0) : String(Math.round(value * 100) / 100);
}
