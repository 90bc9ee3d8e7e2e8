/** One row of the league table, as the addon returns it. */
export interface NativeExpert {
  slot: string;
  weight: number;
  awake: boolean;
  outcomes: number;
  hits: number;
  hitRate: number;
}

/**
 * The decider of the addon. Slots travel as one string joined by line feeds, probabilities as
 * consecutive triples, the context as two labels with a line feed between. Errors carry `code`, field and message in their text, separated by U+001F.
 */
export interface NativeDecider {
  decide(
    slots: string,
    probabilities: Float64Array,
    roundTripBps: number,
    context: string,
    answer: Float64Array,
  ): void;
  learn(
    slots: string,
    probabilities: Float64Array,
    roundTripBps: number,
    context: string,
    action: number,
    buy: number,
    hold: number,
    sell: number,
  ): void;
  readonly outcomes: number;
  readonly policyVersion: string;
  experts(): NativeExpert[];
  /** The scalar settings, then the discounts. */
  settings(): Float64Array;
  snapshot(): Uint8Array;
  stateHash(): string;
}

/** The class itself: constructor and factories. */
export interface NativeDeciderClass {
  new (discounts: Float64Array, scalars: Float64Array): NativeDecider;
  defaultSettings(): Float64Array;
  restore(bytes: Uint8Array): NativeDecider;
}

/** The decider's part of the addon. */
export interface NativeDeciderModule {
  readonly NativeDecider: NativeDeciderClass;
}
