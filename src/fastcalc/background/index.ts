export { type KernelRunOptions, KernelWorkers, type KernelWorkersOptions } from './kernel-workers.js';
export type { BackgroundKernel, KernelArguments, KernelResult } from './kernels.js';
