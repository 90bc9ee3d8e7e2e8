import type { DeciderConfig } from '../../fastcalc/index.js';

/** Another policy that learns from the same outcomes and decides in the shadow. */
export interface ChallengerSettings {
  /** 1 to 64 characters. */
  readonly name: string;
  readonly decider: DeciderConfig;
}

/** How policies replace one another. Part of the configuration record: it says what later records mean. */
export interface LifeSettings {
  readonly challengers: readonly ChallengerSettings[];
  readonly promotion: {
    /** Whether the rule is carried out, or only reported. */
    readonly automatic: boolean;
    /** Chance that a challenger which is no better is ever promoted, in (0, 1). */
    readonly alpha: number;
    /** Differences in reward beyond this count as this, basis points. */
    readonly clipBps: number;
  };
  readonly rollback: {
    /** Fall of the champion's lead over plurality from its peak that takes it back there; 0 = never. Basis points. */
    readonly drawdownBps: number;
    /** Whether drift takes the champion back, or is only reported. */
    readonly onDrift: boolean;
  };
}

export const DEFAULT_LIFE: LifeSettings = {
  challengers: [],
  promotion: { automatic: true, alpha: 0.05, clipBps: 200 },
  rollback: { drawdownBps: 0, onDrift: false },
};
