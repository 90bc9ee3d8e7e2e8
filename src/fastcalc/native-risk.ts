/** Drawdown as it comes back; rows that are not there are null or absent. */
export interface NativeMaximumDrawdown {
  depth: number;
  peakRow?: number | null;
  troughRow?: number | null;
  recoveryRow?: number | null;
  longestRows: number;
}

/** Statistics of trades as they come back. */
export interface NativeTradeStatistics {
  count: number;
  winRate: number;
  averageWin: number;
  averageLoss: number;
  payoffRatio: number;
  profitFactor: number;
  expectancy: number;
  longestWins: number;
  longestLosses: number;
}

/** Two losses as they come back. */
export interface NativeTail {
  valueAtRisk: number;
  expectedShortfall: number;
}

/** Kupiec's test as it comes back. */
export interface NativeCoverageTest {
  statistic: number;
  pValue: number;
  violations: number;
  rows: number;
}

/** Christoffersen's tests as they come back. */
export interface NativeChristoffersenTest {
  independence: number;
  independencePValue: number;
  conditionalCoverage: number;
  conditionalCoveragePValue: number;
}

/** A Sharpe ratio and what its error depends on, as it crosses. */
export interface NativeSharpeEstimate {
  sharpe: number;
  count: number;
  skewness: number;
  kurtosis: number;
}

/** Overfitting as it comes back. */
export interface NativeOverfitting {
  probability: number;
  logits: Float64Array;
  chosen: Float64Array;
  other: Float64Array;
  probabilityOfLoss: number;
}

/** Options of a bootstrap as they cross. */
export interface NativeBootstrapOptions {
  statistic: number;
  meanBlock: number;
  replicates: number;
  seed: number;
  threads: number;
}

/** Options of a Monte Carlo as they cross. */
export interface NativeMonteCarloOptions {
  shuffle: boolean;
  paths: number;
  steps: number;
  compounding: boolean;
  seed: number;
  threads: number;
}

/** The risk kernels of the addon. */
export interface NativeRisk {
  sharpe(returns: Float64Array, riskFree: number, periodsPerYear: number): number;
  sortino(returns: Float64Array, target: number, periodsPerYear: number): number;
  omega(returns: Float64Array, threshold: number): number;
  annualGrowth(returns: Float64Array, periodsPerYear: number): number;
  calmar(returns: Float64Array, periodsPerYear: number): number;
  informationRatio(returns: Float64Array, benchmark: Float64Array, periodsPerYear: number): number;
  equityCurve(returns: Float64Array, start: number): Float64Array;
  drawdowns(equity: Float64Array): Float64Array;
  maximumDrawdown(equity: Float64Array): NativeMaximumDrawdown;
  tradeStatistics(results: Float64Array): NativeTradeStatistics;
  valueAtRisk(returns: Float64Array, level: number, method: number, thresholdLevel: number): NativeTail;
  kupiecTest(violations: Float64Array, rate: number): NativeCoverageTest;
  christoffersenTest(violations: Float64Array, rate: number): NativeChristoffersenTest;
  kellyBet(winRate: number, payoff: number): number;
  kellyNormal(returns: Float64Array, riskFree: number): number;
  kellyGrowthOptimal(returns: Float64Array): number;
  sharpeEstimate(returns: Float64Array): NativeSharpeEstimate;
  probabilisticSharpe(estimate: NativeSharpeEstimate, benchmark: number): number;
  expectedMaximumSharpe(trialVariance: number, trials: number): number;
  deflatedSharpe(estimate: NativeSharpeEstimate, trialVariance: number, trials: number): number;
  minimumTrackRecord(estimate: NativeSharpeEstimate, benchmark: number, confidence: number): number;
  probabilityOfOverfitting(returns: Float64Array, trials: number, blocks: number): NativeOverfitting;
  stationaryBootstrap(returns: Float64Array, options: NativeBootstrapOptions): Float64Array;
  stationaryBootstrapRows(rows: number, meanBlock: number, seed: number, replicate: number): Float64Array;
  monteCarlo(
    results: Float64Array,
    options: NativeMonteCarloOptions,
  ): { total: Float64Array; maximumDrawdown: Float64Array };
}
