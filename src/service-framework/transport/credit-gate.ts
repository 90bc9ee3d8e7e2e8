import { invalidArgument, type ServiceError } from '../../runtime/index.js';

/**
 * Says when a sender may send its next item: as long as it has credit left, and whoever carries the items
 * is not held up. One sender waits at a time.
 */
export class CreditGate {
  readonly #limit: number;
  #credit: number;
  #held = false;
  #closed = false;
  #wake: (() => void) | undefined;

  /**
   * @param credit granted to begin with
   * @param limit granted and unspent at most
   */
  constructor(credit: number, limit: number) {
    this.#credit = credit;
    this.#limit = limit;
  }

  /** Items that may still be sent. */
  get credit(): number {
    return this.#credit;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Whether an item may be sent now. */
  get open(): boolean {
    return this.#credit > 0 && !this.#held && !this.#closed;
  }

  /** @returns why that much cannot be granted; nothing has been granted then */
  grant(credit: number): ServiceError | undefined {
    const most = this.#limit - this.#credit;
    if (!Number.isSafeInteger(credit) || credit < 1 || credit > most)
      return invalidArgument(
        'credit',
        credit,
        `an integer of at least 1; of ${this.#limit}, ${this.#credit} are granted and not used`,
      );
    this.#credit += credit;
    this.#tell();
    return undefined;
  }

  /** An item is sent. */
  spend(): void {
    this.#credit--;
  }

  /** Too much waits to be carried: nothing may be sent until {@link release}. */
  hold(): void {
    this.#held = true;
  }

  release(): void {
    this.#held = false;
    this.#tell();
  }

  /** Nothing may be sent any more. */
  close(): void {
    this.#closed = true;
    this.#tell();
  }

  /** Calls `wake` once, when an item may be sent or none ever will. */
  onChange(wake: () => void): void {
    this.#wake = wake;
  }

  #tell(): void {
    if (!this.open && !this.#closed) return;
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
