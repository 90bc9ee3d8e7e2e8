/** A place in a {@link FairQueue}. */
export interface Ticket<T> {
  readonly item: T;
}

/** What a flow may spend in one visit, in units of cost: one small item. */
const QUANTUM = 1;

class Flow<T> {
  first: Place<T> | undefined;
  last: Place<T> | undefined;
  length = 0;
  deficit = 0;
  /** Its quantum of this visit has been added. */
  visited = false;

  constructor(readonly caller: object) {}
}

class Place<T> implements Ticket<T> {
  before: Place<T> | undefined;
  after: Place<T> | undefined;

  constructor(
    readonly item: T,
    readonly cost: number,
    /** Undefined once it has left. */
    public flow: Flow<T> | undefined,
  ) {
    this.before = undefined;
    this.after = undefined;
  }
}

/**
 * A queue that serves its callers in turn, whatever each of them has put in: deficit round robin
 * (Shreedhar & Varghese 1995), in order of arrival within a caller. Every operation takes constant time.
 */
export class FairQueue<T> {
  readonly #flows = new Map<object, Flow<T>>();
  /** The flows in the order of their visits; a set keeps the order of insertion. */
  readonly #visits = new Set<Flow<T>>();
  /** Flows by their length. */
  readonly #byLength: Set<Flow<T>>[] = [];
  #longest = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Callers with something in the queue. */
  get callers(): number {
    return this.#flows.size;
  }

  /** What a caller has in the queue. */
  lengthOf(caller: object): number {
    return this.#flows.get(caller)?.length ?? 0;
  }

  /** @param cost in units of a small item, at least 1 */
  push(caller: object, item: T, cost = 1): Ticket<T> {
    let flow = this.#flows.get(caller);
    if (!flow) {
      flow = new Flow(caller);
      this.#flows.set(caller, flow);
      this.#visits.add(flow);
    }
    const place = new Place(item, cost, flow);
    place.before = flow.last;
    if (flow.last) flow.last.after = place;
    else flow.first = place;
    flow.last = place;
    this.#resize(flow, 1);
    return place;
  }

  /** Takes out what is next; undefined when there is nothing. */
  shift(): T | undefined {
    for (;;) {
      const [flow] = this.#visits;
      const place = flow?.first;
      if (!flow || !place) return undefined;
      if (!flow.visited) {
        flow.visited = true;
        flow.deficit += QUANTUM;
      }
      if (place.cost <= flow.deficit) {
        flow.deficit -= place.cost;
        this.#remove(flow, place);
        return place.item;
      }
      flow.visited = false;
      this.#visits.delete(flow);
      this.#visits.add(flow);
    }
  }

  /** Takes one out before its turn; nothing happens to one that has left. */
  delete(ticket: Ticket<T>): void {
    const place = ticket as Place<T>;
    if (place.flow) this.#remove(place.flow, place);
  }

  /**
   * The newest item of the caller who has most in the queue, if that is at least two more than `caller`
   * has: what has to go so that this one gets its share (McKenney 1990, "buffer stealing").
   */
  victimFor(caller: object): T | undefined {
    while (this.#longest > 0 && !this.#byLength[this.#longest]?.size) this.#longest--;
    if (this.#longest < this.lengthOf(caller) + 2) return undefined;
    const [flow] = this.#byLength[this.#longest] ?? [];
    return flow?.last?.item;
  }

  #remove(flow: Flow<T>, place: Place<T>): void {
    const { before, after } = place;
    if (before) before.after = after;
    else flow.first = after;
    if (after) after.before = before;
    else flow.last = before;
    place.before = undefined;
    place.after = undefined;
    place.flow = undefined;
    this.#resize(flow, -1);
    if (flow.length > 0) return;
    // Whoever comes back later has saved up nothing.
    this.#flows.delete(flow.caller);
    this.#visits.delete(flow);
  }

  #resize(flow: Flow<T>, by: 1 | -1): void {
    this.#byLength[flow.length]?.delete(flow);
    flow.length += by;
    this.#size += by;
    if (flow.length === 0) return;
    let same = this.#byLength[flow.length];
    if (!same) {
      same = new Set();
      this.#byLength[flow.length] = same;
    }
    same.add(flow);
    if (flow.length > this.#longest) this.#longest = flow.length;
  }
}
