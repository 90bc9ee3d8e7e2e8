import { type GoldenColumn, goldenJson } from '../golden-json.js';

/** What statistics.json holds. */
export interface StatisticsGolden {
  readonly ar: GoldenColumn;
  readonly walk: GoldenColumn;
  readonly adf: readonly {
    readonly series: 'ar' | 'walk';
    readonly options: {
      readonly trend: 'none' | 'constant' | 'linear';
      readonly lags?: number;
      readonly search?: 'none';
    };
    readonly statistic: number;
    readonly pValue: number;
    readonly lags: number;
    readonly rows: number;
    readonly criticalValues: GoldenColumn;
  }[];
  readonly cointegration: {
    readonly y: GoldenColumn;
    readonly statistic: number;
    readonly pValue: number;
    readonly criticalValues: GoldenColumn;
    readonly intercept: number;
    readonly hedgeRatio: number;
  };
  readonly matrix: {
    readonly values: GoldenColumn;
    readonly columns: number;
    readonly period: number;
    readonly covariance: GoldenColumn;
    readonly correlation: GoldenColumn;
    readonly ledoitWolf: GoldenColumn;
  };
  readonly segments: GoldenColumn;
  readonly pelt: readonly {
    readonly cost: 'mean' | 'mean-variance';
    readonly penalty: number;
    readonly minimumSegment: number;
    readonly changes: readonly number[];
  }[];
  readonly online: {
    readonly prior: {
      readonly meanRun: number;
      readonly mean: number;
      readonly meanWeight: number;
      readonly shape: number;
      readonly scale: number;
    };
    readonly recent: number;
    readonly logLikelihood: number;
    readonly changeProbability: GoldenColumn;
    readonly runLength: GoldenColumn;
  };
  readonly fractional: { readonly weights: GoldenColumn; readonly values: GoldenColumn };
  readonly tail: {
    readonly values: GoldenColumn;
    readonly thresholdLevel: number;
    readonly threshold: number;
    readonly scale: number;
    readonly shape: number;
    readonly share: number;
    readonly logLikelihood: number;
    readonly quantile99: number;
    readonly mean99: number;
  };
  readonly jumpModel: {
    readonly features: GoldenColumn;
    readonly centres: GoldenColumn;
    readonly penalty: number;
    readonly states: readonly number[];
    readonly objective: number;
  };
}

export const statistics = goldenJson<StatisticsGolden>('statistics.json');
