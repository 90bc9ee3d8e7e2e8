import { getHeapStatistics } from 'node:v8';

/** V8 heap and array buffers of this thread; the rest of the process is not its own. */
export function threadMemoryBytes(): number {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}

/** Resident memory of the process; 0 where it cannot be told, as at the limit of file descriptors. */
export function processMemoryBytes(): number {
  try {
    return process.memoryUsage.rss();
  } catch {
    return 0;
  }
}
