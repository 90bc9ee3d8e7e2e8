/** A GARCH(1,1) as it crosses. */
export interface NativeGarchParameters {
  mu: number;
  omega: number;
  alpha: number;
  beta: number;
}

/** Conditional variances as they come back. */
export interface NativeGarchPath {
  variance: Float64Array;
  nextVariance: number;
  logLikelihood: number;
}

/** A fitted GARCH(1,1) as it comes back. */
export interface NativeGarchFit extends NativeGarchPath {
  parameters: NativeGarchParameters;
  converged: boolean;
}

/** A fitted HAR model as it comes back. */
export interface NativeHarFit {
  coefficients: Float64Array;
  standardErrors: Float64Array;
  rSquared: number;
  rows: number;
  next: number;
}

type OfBars = (
  open: Float64Array,
  high: Float64Array,
  low: Float64Array,
  close: Float64Array,
  period: number,
) => Float64Array;
type OfReturns = (returns: Float64Array, period: number) => Float64Array;

/** The volatility kernels of the addon. */
export interface NativeVolatility {
  parkinson(high: Float64Array, low: Float64Array, period: number): Float64Array;
  garmanKlass: OfBars;
  rogersSatchell: OfBars;
  yangZhang: OfBars;
  realizedVariance: OfReturns;
  bipowerVariation: OfReturns;
  jumpTest: OfReturns;
  medRv: OfReturns;
  minRv: OfReturns;
  volatilityOfVolatility(returns: Float64Array, volatilityPeriod: number, period: number): Float64Array;
  fitGarch(returns: Float64Array): NativeGarchFit;
  garchFilter(returns: Float64Array, parameters: NativeGarchParameters, presample?: number): NativeGarchPath;
  garchForecast(parameters: NativeGarchParameters, nextVariance: number, horizon: number): Float64Array;
  fitHar(values: Float64Array, short: number, middle: number, long: number): NativeHarFit;
}
