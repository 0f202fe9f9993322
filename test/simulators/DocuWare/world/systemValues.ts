import { extname } from 'node:path';

import { pagesOf, sizeOf } from './documents';
import type { IndexValue, StoredDocument } from './documents';

/** How the value of each field of the system comes about (docs/facts/docuware.md 6.3). */
const systemValues: Readonly<Record<string, (document: StoredDocument) => IndexValue | undefined>> =
	{
		DWDOCID: ({ id }) => id,
		DWSTOREDATETIME: ({ storedAt }) => storedAt,
		DWSTOREUSER: ({ storedBy }) => storedBy,
		DWMODDATETIME: ({ modifiedAt }) => modifiedAt,
		DWMODUSER: ({ modifiedBy }) => modifiedBy,
		DWEXTENSION: ({ sections }) => extname(sections[0]?.name ?? '') || undefined,
		DWPAGECOUNT: pagesOf,
		DWSECTIONCOUNT: ({ sections }) => sections.length,
		DWDOCSIZE: sizeOf,
		DWDISKNO: () => 1,
		DWVERSIONCOMMENT: ({ versionComment }) => versionComment || undefined,
		DWUSRVERSION: ({ version: { major, minor } }) => `${major}.${minor}`,
		DWCONTENTMODUSER: ({ contentModifiedBy }) => contentModifiedBy,
		DWCONTENTMODDATETIME: ({ contentModifiedAt }) => contentModifiedAt,
	};

/** The value of a field of a document, of the user or of the system; undefined for an empty one. */
export function valueOf(document: StoredDocument, name: string): IndexValue | undefined {
	const ofSystem = systemValues[name];
	return ofSystem === undefined ? document.values[name] : ofSystem(document);
}
