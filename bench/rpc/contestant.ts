import type { Workloads } from './workloads.js';

/** One call, sent and answered. */
export type Call = () => Promise<unknown>;

/** The client side of a contestant, connected. */
export interface Calls {
  readonly command: Call;
  readonly decide: Call;
  /** Where one call after the other is best made in another way than many at once. */
  readonly sequential?: { readonly command: Call; readonly decide: Call };
}

/** A way to serve and to make the calls; each side runs in a process of its own. */
export interface Contestant {
  /** @returns where `connect` finds it */
  serve(plain: Workloads): Promise<string>;
  connect(address: string, plain: Workloads): Promise<Calls>;
}
