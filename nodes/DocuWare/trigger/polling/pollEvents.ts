/** What happens to documents. */
export const POLL_EVENTS = ['stored', 'changed'] as const;

export type PollEvent = (typeof POLL_EVENTS)[number];

/** Index fields of the system that hold the times of a document, and what the document says beside its fields. */
export const TIMES = {
	stored: { field: 'DWSTOREDATETIME', member: 'CreatedAt' },
	changed: { field: 'DWMODDATETIME', member: 'LastModified' },
} as const;
