/** What a column must be like. Lengths in elements. */
export interface ColumnOptions {
  /** Default 0. */
  readonly minLength?: number;
  /** Default 1,000,000, about what one message can carry. */
  readonly maxLength?: number;
  /** Every element above the one before it. */
  readonly strictlyIncreasing?: boolean;
  /** Every element at least the one before it. */
  readonly nonDecreasing?: boolean;
  /** Every element below the one before it. */
  readonly strictlyDecreasing?: boolean;
  /** Above 0. */
  readonly positive?: boolean;
  /** 0 or above. */
  readonly nonNegative?: boolean;
  readonly min?: number;
  readonly max?: number;
  /** Whole numbers within ±(2^53 - 1). */
  readonly integer?: boolean;
  /** Nothing but these values. */
  readonly oneOf?: readonly number[];
  /** Lets NaN and infinities pass; other demands do not apply to them. */
  readonly allowNonFinite?: boolean;
}
