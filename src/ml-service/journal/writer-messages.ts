import type { JournalEnd } from './head-file.js';
import type { ChainedRecord } from './stored-rows.js';

/** What the writer thread is started with. */
export interface WriterStart {
  readonly database: string;
  readonly headFile: string;
  readonly journalId: string;
  readonly end: JournalEnd;
}

/** A record on its way to the writer. */
export interface QueuedRecord extends ChainedRecord {
  /** Its promise is power loss: the group it is in is fsynced. */
  readonly power: boolean;
}

/**
 * To the writer. `epoch` counts refusals: after one the writer drops what was sent before the sender
 * knew of it.
 */
export type WriterRequest =
  | { readonly type: 'append'; readonly epoch: number; readonly records: readonly QueuedRecord[] }
  /** Answered when everything before it survives power loss. */
  | { readonly type: 'sync'; readonly epoch: number; readonly id: number }
  | { readonly type: 'close' };

/** An error in a form that crosses threads. */
export interface WriterFault {
  readonly code: 'UNAVAILABLE' | 'DATA_LOSS' | 'INTERNAL';
  readonly message: string;
  readonly sqlite: string;
}

/** From the writer. */
export type WriterReply =
  | { readonly type: 'ready' }
  | { readonly type: 'committed'; readonly lastSeq: number; readonly syncs: readonly number[] }
  /** Nothing of the epoch after `lastSeq` was or will be written. */
  | {
      readonly type: 'refused';
      readonly epoch: number;
      readonly lastSeq: number;
      readonly fault: WriterFault;
    }
  /** Nothing will ever be written again; whether records after the last commit exist is unknown. */
  | { readonly type: 'failed'; readonly fault: WriterFault }
  | { readonly type: 'warning'; readonly message: string }
  | { readonly type: 'closed' };
