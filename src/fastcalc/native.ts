import { createRequire } from 'node:module';

import { ServiceError } from '../runtime/index.js';
import type { NativeAggregateModule } from './native-aggregate.js';
import type { NativeBundleModule } from './native-bundle.js';
import type { NativeDeciderModule } from './native-decider.js';
import type { NativeKernels } from './native-kernels.js';
import type { NativeLiquidity } from './native-liquidity.js';
import type { NativeRisk } from './native-risk.js';
import type { NativeStats } from './native-stats.js';
import type { NativeSweepModule } from './native-sweep.js';
import type { NativeVolatility } from './native-volatility.js';

/** What the Rust addon exports. */
export interface NativeFastcalc
  extends NativeKernels,
    NativeDeciderModule,
    NativeLiquidity,
    NativeRisk,
    NativeStats,
    NativeVolatility,
    NativeBundleModule,
    NativeSweepModule,
    NativeAggregateModule {}

const require = createRequire(import.meta.url);

/** Resolving the path anew would cost more than most kernels. */
let loaded: NativeFastcalc | undefined;

/** The Rust addon. Throws FAILED_PRECONDITION where it has not been built. */
export function loadNative(): NativeFastcalc {
  loaded ??= load();
  return loaded;
}

function load(): NativeFastcalc {
  try {
    return require('../native/fastcalc.node') as NativeFastcalc;
  } catch (cause) {
    throw new ServiceError('FAILED_PRECONDITION', 'the Rust addon cannot be loaded: run `make build`', {
      cause,
    });
  }
}
