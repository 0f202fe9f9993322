import type { IDataObject } from 'n8n-workflow';

/** What became of the document, for the output. */
export const OUTCOMES = {
	created: { created: true },
	skipped: { created: false, skipped: true },
	skippedUnfinished: { created: false, skipped: true, mayBeUnfinished: true },
	replaced: { created: false, fileReplaced: true },
	updated: { created: false, fieldsUpdated: true },
	foundAfterUnknownFate: { created: true, foundAfterUnknownFate: true },
} as const satisfies Record<string, IDataObject>;
