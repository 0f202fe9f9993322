import { createHash } from 'node:crypto';
import type { IBinaryData, IDataObject } from 'n8n-workflow';
import type { NodeSettings } from '../../../../support/n8nContext';
import { operation, type NodeFixture } from '../../node/support/nodeFixture';

export const INVOICES = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';
export const STORE_INVOICE = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d15';
export const MB = 1_000_000;

export const locator = (value: string) => ({ __rl: true, mode: 'id', value });

/** A file of an item. */
export function binary(content: string | Buffer, fileName = 'scan.pdf'): IBinaryData {
	const data = Buffer.from(content).toString('base64');
	return { data, mimeType: 'application/pdf', fileName };
}

export const item = (content: string | Buffer, fileName?: string) => ({
	binary: { data: binary(content, fileName) },
});

/** Parameters of an upload with index fields as JSON. */
export function upload(fields: object = { COMPANY: 'Peters' }, more: IDataObject = {}) {
	return operation('document', 'upload', {
		fileCabinetId: locator(INVOICES),
		dataMode: 'json',
		json: JSON.stringify(fields),
		// With none chosen, all fields come out.
		output: 'selected',
		...more,
	} as IDataObject);
}

export async function store(
	{ run }: NodeFixture,
	parameters: NodeSettings['parameters'],
	settings: NodeSettings = { items: [item('content')] },
): Promise<IDataObject> {
	const { items } = await run(parameters, settings);
	return items[0]?.json ?? {};
}

export const documents = ({ simulator }: NodeFixture) => simulator.state.documents.all();

export const filesOf = (fixture: NodeFixture, index = 0) =>
	(documents(fixture)[index]?.sections ?? []).map(({ name, content }) => [name, content.sha256]);

export const hash = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex');

export const codeOf = (code: string) => ({ message: expect.stringContaining(`[${code}]`) });

export const toDocuments = { method: 'POST', path: /\/Documents$/i };
