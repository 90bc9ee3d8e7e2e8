/**
 * Resolves after all promise reactions that are under way. A receive loop waits for it before it asks its
 * socket again, so that what its message has led to leaves first: asking costs microseconds.
 */
export function endOfTurn(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
