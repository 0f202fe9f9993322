/** Operations of Document that everyOperation.test.ts runs in n8n's engine; all others everyAction.test.ts does. */
export const DATA_OPERATIONS: ReadonlySet<string> = new Set([
	...['appendFile', 'appendKeywords', 'batchUpdate', 'deleteSection', 'download', 'get'],
	...['getCount', 'getSections', 'getText', 'getThumbnail', 'replaceSection', 'search'],
	...['updateIndexFields', 'upload'],
]);
