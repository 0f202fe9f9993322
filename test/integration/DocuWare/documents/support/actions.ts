import type { IBinaryData, IDataObject } from 'n8n-workflow';
import { operation, type NodeFixture } from '../../node/support/nodeFixture';
import { INVOICES, locator } from './uploads';

/** With version management; peggy.jenkins may not see it. */
export const PERSONNEL = '4d3b1f86-7f52-4f7c-8a9f-2b6a5d0e3c20';
export const TRAY = 'b_e9f0b3c1-2d47-4e58-8b6a-1c3d5e7f9a40';

/** Parameters of an operation on one document. */
export function action(
	name: string,
	documentId: unknown,
	more: IDataObject = {},
	cabinet = INVOICES,
) {
	return operation('document', name, {
		fileCabinetId: locator(cabinet),
		documentId,
		...more,
	} as IDataObject);
}

/** Stores a file, and gives the number of its document. */
export async function stored(
	{ run }: NodeFixture,
	cabinet = INVOICES,
	content = 'Company: Peters',
	fileName = 'scan.txt',
	mimeType = 'text/plain',
): Promise<number> {
	const data: IBinaryData = { data: Buffer.from(content).toString('base64'), mimeType, fileName };
	const { items } = await run(
		operation('customApiCall', 'call', {
			method: 'POST',
			path: `FileCabinets/${cabinet}/Documents`,
			bodyType: 'binary',
		}),
		{ items: [{ binary: { data } }] },
	);
	return Number(items[0]?.json.Id);
}

/** The same in the cabinet with versions, which wants to know an employee. */
export async function storedWithVersions(
	fixture: NodeFixture,
	content?: string,
	fileName?: string,
) {
	const { items } = await fixture.run(
		operation('document', 'transfer', {
			sourceFileCabinetId: locator(TRAY),
			fileCabinetId: locator(PERSONNEL),
			documentIds: await stored(fixture, TRAY, content, fileName),
			transferMode: 'move',
			setIndexFields: true,
			dataMode: 'json',
			json: '{"Employee": "Peggy Jenkins"}',
		}),
	);
	return Number(items[0]?.json.documentId);
}

/** The document with its index fields. */
export async function read({ run }: NodeFixture, documentId: unknown, cabinet = INVOICES) {
	const { items } = await run(action('get', documentId, {}, cabinet));
	return items[0]?.json ?? {};
}
