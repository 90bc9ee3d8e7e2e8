import { loadNative } from './native.js';
import { translated } from './native-errors.js';

/** A parameter of an indicator. */
export interface IndicatorParameter {
  readonly name: string;
  /** Value when not given; of a choice, its place. */
  readonly default: number;
  readonly least: number;
  readonly most: number;
  /** Whether it must be a whole number. */
  readonly whole: boolean;
  /** Names that may be given in place of a number; empty where it is none. */
  readonly choices: readonly string[];
}

/** An indicator that specs can name. */
export interface IndicatorInfo {
  /** TA-Lib's name in lower case where it has the function. */
  readonly name: string;
  readonly group: string;
  /** Formula, source and convention. */
  readonly about: string;
  /** Columns read; `real` and `real1` are chosen in the spec, by default close and volume. */
  readonly inputs: readonly string[];
  readonly parameters: readonly IndicatorParameter[];
  readonly outputs: readonly string[];
  /** Rows before the first value, with default parameters. */
  readonly lookback: number;
  /** What a row with a missing value does: 'restart', it warms up anew; 'pass-over', it carries on after it. */
  readonly gap: string;
  /** No output is below it; absent where nothing bounds them. */
  readonly least?: number;
  /** No output is above it; absent where nothing bounds them. */
  readonly most?: number;
}

/** All indicators, group by group. */
export function listIndicators(): readonly IndicatorInfo[] {
  return translated(() => loadNative().listIndicators());
}
