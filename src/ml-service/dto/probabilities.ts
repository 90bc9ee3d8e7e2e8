import { Check, IsFiniteNumber } from '../../service-framework/index.js';

/** Rounding in the sender's own format must not cost it its vote. */
const SUM_TOLERANCE = 1e-6;

function sumProblem(p: Probabilities): string | undefined {
  const sum = p.buy + p.hold + p.sell;
  return Math.abs(sum - 1) <= SUM_TOLERANCE ? undefined : `buy + hold + sell is ${sum}; must be 1`;
}

/** A probability for each action; they sum to 1. */
@Check(sumProblem)
export class Probabilities {
  @IsFiniteNumber({ min: 0, max: 1 })
  buy!: number;

  @IsFiniteNumber({ min: 0, max: 1 })
  hold!: number;

  @IsFiniteNumber({ min: 0, max: 1 })
  sell!: number;
}
