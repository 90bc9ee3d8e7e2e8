import { getHeapStatistics } from 'node:v8';

/** What a process holds, in bytes. */
export interface MemoryReading {
  /** Null where it cannot be read: at the limit of file descriptors even that fails. */
  readonly residentBytes: number | null;
  /** Of the JavaScript heap of the thread that is asked. */
  readonly heapUsedBytes: number;
  /** Outside that heap, on its behalf: buffers and typed arrays. */
  readonly externalBytes: number;
}

/** Never throws, however little the process has left. */
export function readMemory(): MemoryReading {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return {
    residentBytes: residentMemory() ?? null,
    heapUsedBytes: used_heap_size,
    externalBytes: external_memory,
  };
}

/** Bytes; undefined when it cannot be read. */
export function residentMemory(): number | undefined {
  try {
    return process.memoryUsage.rss();
  } catch {
    return undefined;
  }
}
