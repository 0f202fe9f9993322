import type { DocuWareSimulator } from '../../../simulators/DocuWare/docuWareSimulator';
import { callPlatform, cookiesOf, logOn, type ReadAnswer } from './platformClient';

export const invoices = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';
export const personnel = '4d3b1f86-7f52-4f7c-8a9f-2b6a5d0e3c20';
export const inbox = 'b_e9f0b3c1-2d47-4e58-8b6a-1c3d5e7f9a40';

/** A part of a multipart body. */
export interface SentPart {
	name: string;
	fileName?: string;
	type?: string;
	content: Buffer | string;
}

type Headers = Record<string, string>;

/** A signed-in client for files; paths stand below `FileCabinets/{invoices}` unless they begin with `/`. */
export interface FileClient {
	call: (
		method: string,
		path: string,
		body?: string | Buffer,
		headers?: Headers,
	) => Promise<ReadAnswer>;
	json: (method: string, path: string, body?: unknown, headers?: Headers) => Promise<ReadAnswer>;
	parts: (path: string, parts: SentPart[], headers?: Headers) => Promise<ReadAnswer>;
	/** The bytes of a GET with their headers, unpacked by hand nowhere. */
	bytes: (path: string, headers?: Headers) => Promise<{ answer: Response; body: Buffer }>;
}

/** @param signedIn what signs its requests; the cookies of a log-on if missing */
export async function fileClient(
	simulator: DocuWareSimulator,
	logOnFields: Record<string, string> = {},
	signedIn?: Headers,
): Promise<FileClient> {
	const session = signedIn ?? { cookie: cookiesOf(await logOn(simulator, logOnFields)) };
	const full = (path: string): string =>
		path.startsWith('/') ? path.slice(1) : `FileCabinets/${invoices}/${path}`;
	const call: FileClient['call'] = async (method, path, body, headers = {}) =>
		await callPlatform(simulator, method, full(path), {
			headers: { ...session, ...headers },
			...(body === undefined ? {} : { body }),
		});
	return {
		call,
		json: async (method, path, body, headers = {}) =>
			await call(method, path, body === undefined ? undefined : JSON.stringify(body), {
				'content-type': 'application/json',
				...headers,
			}),
		parts: async (path, parts, headers = {}) =>
			await call('POST', path, multipart(parts), {
				'content-type': 'multipart/form-data; boundary=x1',
				...headers,
			}),
		bytes: async (path, headers = {}) => {
			const answer = await fetch(`${simulator.url}/DocuWare/Platform/${full(path)}`, {
				headers: { accept: '*/*', ...session, ...headers },
			});
			return { answer, body: Buffer.from(await answer.arrayBuffer()) };
		},
	};
}

function multipart(parts: readonly SentPart[]): Buffer {
	const pieces = parts.flatMap(({ name, fileName, type, content }) => [
		Buffer.from(
			`--x1\r\nContent-Disposition: form-data; name="${name}"` +
				`${fileName === undefined ? '' : `; filename="${fileName}"`}\r\n` +
				`${type === undefined ? '' : `Content-Type: ${type}\r\n`}\r\n`,
		),
		Buffer.from(content),
		Buffer.from('\r\n'),
	]);
	return Buffer.concat([...pieces, Buffer.from('--x1--\r\n')]);
}

/** Index data as the first part. */
export function index(fields: Record<string, unknown>, name = 'document'): SentPart {
	const Fields = Object.entries(fields).map(([FieldName, Item]) => ({ FieldName, Item }));
	return {
		name,
		fileName: 'document.json',
		type: 'application/json',
		content: JSON.stringify({ Fields }),
	};
}

/** An index field as it is sent. */
export function sent(FieldName: string, Item: unknown, ItemElementName?: string): object {
	return { FieldName, Item, ...(ItemElementName === undefined ? {} : { ItemElementName }) };
}

/** A file as a part. */
export function file(
	fileName = 'a.pdf',
	content: Buffer | string = 'content',
	type = 'application/pdf',
	name = 'File[]',
): SentPart {
	return { name, fileName, type, content };
}
