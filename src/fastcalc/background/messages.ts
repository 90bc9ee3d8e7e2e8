import type { ErrorCode } from '../../runtime/index.js';
import type { BackgroundKernel } from './kernels.js';

/** A call on its way to a thread. */
export interface KernelCall {
  readonly kernel: BackgroundKernel;
  readonly args: readonly unknown[];
}

/** What came of it. */
export type KernelAnswer =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly code: ErrorCode; readonly message: string; readonly field?: string };
