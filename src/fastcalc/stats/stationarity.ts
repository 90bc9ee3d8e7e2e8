import { invalidArgument } from '../../runtime/index.js';
import { columns, count, object, series } from '../arguments.js';
import { loadNative } from '../native.js';
import { translated } from '../native-errors.js';

/** Outcome of a unit-root test. */
export interface AdfTest {
  /** t-ratio of the level; the lower, the less of a unit root. */
  readonly statistic: number;
  /** Probability of one as low with a unit root (MacKinnon 1994). */
  readonly pValue: number;
  /** Lagged changes in the regression. */
  readonly lags: number;
  /** Rows of the regression. */
  readonly rows: number;
  /** At 1 %, 5 % and 10 % (MacKinnon 2010). */
  readonly criticalValues: Float64Array;
}

/** Options of {@link engleGranger}. */
export interface LagOptions {
  /** Lagged changes; with a search the most of them. Default Schwert's (1989) 12 (n / 100)^¼. */
  readonly lags?: number;
  /** 'aic' compares all numbers up to `lags` (Akaike 1974), 'none' takes just that. Default 'aic'. */
  readonly search?: 'aic' | 'none';
}

/** Options of {@link adfTest}. */
export interface AdfOptions extends LagOptions {
  /** What the series is allowed: nothing, a mean, a mean and a line. Default 'constant'. */
  readonly trend?: 'none' | 'constant' | 'linear';
}

/** Two series and what holds them together. */
export interface Cointegration {
  /** y = intercept + hedgeRatio × x + spread. */
  readonly intercept: number;
  readonly hedgeRatio: number;
  readonly spread: Float64Array;
  /** Unit-root test of the spread against the distribution for residuals. */
  readonly test: AdfTest;
  /** Rows until half of a deviation is gone; infinite where it does not return. */
  readonly halfLifeRows: number;
}

const TRENDS = ['none', 'constant', 'linear'];

/**
 * Augmented Dickey-Fuller test for a unit root (Said, Dickey 1984). The series may not miss a value and
 * must vary.
 */
export function adfTest(values: Float64Array, options: AdfOptions = {}): AdfTest {
  const column = series('values', values);
  const { trend = 'constant' } = object('options', options);
  const terms = TRENDS.indexOf(trend);
  if (terms < 0) throw invalidArgument('trend', trend, TRENDS.join(', '));
  const { wished, search } = lagsOf(options);
  return translated(() => loadNative().adfTest(column, terms, wished, search));
}

/**
 * Engle and Granger's (1987) test: regresses `y` on `x` and a constant and tests the residual for a unit
 * root. Which of the two is y matters.
 */
export function engleGranger(y: Float64Array, x: Float64Array, options: LagOptions = {}): Cointegration {
  const c = columns({ y, x });
  const { wished, search } = lagsOf(object('options', options));
  return translated(() => loadNative().engleGranger(c.y, c.x, wished, search));
}

function lagsOf({ lags, search = 'aic' }: LagOptions): { wished: number | undefined; search: boolean } {
  if (search !== 'aic' && search !== 'none') throw invalidArgument('search', search, "'aic' or 'none'");
  return { wished: lags === undefined ? undefined : count('lags', lags, 0), search: search === 'aic' };
}
