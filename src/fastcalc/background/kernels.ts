import { aggregateForecasts } from '../aggregate.js';
import { filterHmm, fitHmm, viterbiHmm } from '../hmm.js';
import { fitHawkes, hawkesIntensity, hawkesLogLikelihood } from '../liquidity/index.js';
import { monteCarlo, probabilityOfOverfitting, stationaryBootstrap, valueAtRisk } from '../risk/index.js';
import { simulateDecider } from '../simulation.js';
import {
  adfTest,
  engleGranger,
  fitJumpModel,
  fitTail,
  fractionalDifference,
  jumpModelStates,
  onlineChangePoints,
  pelt,
  rollingCorrelation,
  rollingCovariance,
  watchTail,
} from '../stats/index.js';
import { fitGarch, fitHar } from '../volatility/index.js';

/** Kernels whose work may take longer than a call should: more than about 100 µs. */
export const BACKGROUND_KERNELS = {
  adfTest,
  aggregateForecasts,
  engleGranger,
  filterHmm,
  fitGarch,
  fitHar,
  fitHawkes,
  fitHmm,
  fitJumpModel,
  fitTail,
  fractionalDifference,
  hawkesIntensity,
  hawkesLogLikelihood,
  jumpModelStates,
  monteCarlo,
  onlineChangePoints,
  pelt,
  probabilityOfOverfitting,
  rollingCorrelation,
  rollingCovariance,
  simulateDecider,
  stationaryBootstrap,
  valueAtRisk,
  viterbiHmm,
  watchTail,
} as const;

/** A kernel that {@link KernelWorkers} runs. */
export type BackgroundKernel = keyof typeof BACKGROUND_KERNELS;

/** What a kernel takes. */
export type KernelArguments<K extends BackgroundKernel> = Parameters<(typeof BACKGROUND_KERNELS)[K]>;

/** What it returns. */
export type KernelResult<K extends BackgroundKernel> = ReturnType<(typeof BACKGROUND_KERNELS)[K]>;
