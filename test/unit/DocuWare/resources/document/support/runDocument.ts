import type { IDataObject } from 'n8n-workflow';
import type { ReplayableBody } from '../../../../../../nodes/shared/http';
import type { NodeSettings } from '../../../../../support/n8nContext';
import { FakeSession, type FakeAnswer } from '../../support/fakeSession';
import { runOperation, type OperationRun } from '../../support/runOperation';

export const CABINET = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';
export const TRAY = 'b_e9f0b3c1-2d47-4e58-8b6a-1c3d5e7f9a40';

/** Where the document of these tests is. */
export const place = { documentId: 18, fileCabinetId: CABINET };

export function locator(value: string, mode = 'id'): IDataObject {
	return { __rl: true, mode, value };
}

/** Parameters that choose it. */
export const ofDocument = { fileCabinetId: locator(CABINET), documentId: '18' };

/** The answer of reading it: with these links, and whatever more. */
export function documentWith(links: Record<string, string> = {}, more: object = {}): FakeAnswer {
	const Links = Object.entries(links).map(([rel, href]) => ({ rel, href }));
	return { body: { Id: 18, FileCabinetId: CABINET, Title: 'Invoice', Fields: [], Links, ...more } };
}

export const DOCUMENT = documentWith();

/** The name under which its file is checked out. */
export const KEPT = `18+${CABINET}+Rechnung 1+2.pdf`;

/** The document, checked out, in a version. */
export const CHECKED_OUT = documentWith(
	{},
	{ Flags: { IsCheckedOut: true }, Version: { Major: 1, Minor: 4 } },
);

/** The answer of reading its file cabinet: with these index fields, each by its names in the database and for people. */
export function cabinetWith(
	...fields: Array<[name: string, label: string, type: string]>
): FakeAnswer {
	const Fields = fields.map(([DBFieldName, DisplayName, DWFieldType]) => ({
		...{ DBFieldName, DisplayName, DWFieldType },
		Scope: 'User',
	}));
	return { body: { Id: CABINET, Name: 'Invoices', Fields, Links: [] } };
}

export const CABINET_READ = cabinetWith();

/** A list of documents. */
export function found(...ids: number[]): FakeAnswer {
	return { body: { Items: ids.map((Id) => ({ Id, FileCabinetId: CABINET, Fields: [] })) } };
}

/** Path of something in the file cabinet. */
export function at(rest: string): string {
	return `FileCabinets/${CABINET}/${rest}`;
}

/** A request as the service saw it. */
export interface SentCall {
	call: string;
	/** Read as JSON where it is a text. */
	body: unknown;
	type: string | undefined;
}

export interface DocumentRun extends OperationRun {
	session: FakeSession;
	sent: SentCall[];
	last: SentCall | undefined;
}

/** Runs an operation of Document with answers in their order. */
export async function runDocument(
	operation: string,
	answers: Array<FakeAnswer | Error>,
	parameters: IDataObject = ofDocument,
	settings: NodeSettings = {},
): Promise<DocumentRun> {
	const session = new FakeSession([...answers]);
	const outcome = await runOperation(session, {
		...settings,
		parameters: { resource: 'document', operation, ...parameters },
	});
	const sent = session.requests.map(({ method, url, body, headers }) => ({
		call: `${method} ${url.split('/Platform/')[1]}`,
		body: typeof body === 'string' ? (JSON.parse(body) as unknown) : body,
		type: headers?.['Content-Type'],
	}));
	return { ...outcome, session, sent, last: sent.at(-1) };
}

/** A body that is opened when it is sent, as text. */
export async function bodyText(body: unknown): Promise<string> {
	const open = body as Extract<ReplayableBody, () => unknown>;
	const chunks: Buffer[] = [];
	for await (const chunk of await open()) chunks.push(Buffer.from(chunk as Buffer));
	return Buffer.concat(chunks).toString('utf8');
}
