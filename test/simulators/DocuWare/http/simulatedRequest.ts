import type { IncomingMessage } from 'node:http';

import type { FileNameReading } from './dispositionParameters';
import { ContentSink, FileContent } from './fileContent';
import { boundaryOf, MultipartReader } from './multipart';
import type { MultipartPart } from './multipart';

/** A request as the simulated hosts see it: header names in lower case. */
export interface SimulatedRequest {
	method: string;
	/** When it began to arrive, by the server's clock in ms; absent where nobody has noted that. */
	receivedAt?: number;
	/** Path and query on the origin that was addressed. */
	url: URL;
	headers: Record<string, string>;
	/** Name and value of each sent cookie, in order, doubled names kept. */
	cookies: Array<[name: string, value: string]>;
	userAgent: string;
	/** The whole body; empty where it is multipart, or larger than {@link maxWholeBytes}. */
	body: Buffer;
	/** The body as far as it was kept; absent where it is multipart. */
	content?: FileContent;
	/** The parts of a multipart body; absent where it is none or is broken. */
	parts?: MultipartPart[];
}

/** A body up to this size is at hand whole; larger ones are files. */
export const maxWholeBytes = 10_000_000;

/** How a body is read. */
export interface BodyReading {
	/** Most bytes of one file that are held as they are; see {@link ContentSink}. */
	keptBytes: number;
	fileNames: FileNameReading;
	/** Called after each chunk with the bytes so far; may wait, and so holds the sender back. */
	onBytes?: (bytes: number) => Promise<void> | void;
}

/** The line and headers of a request; its body is to be read by {@link readBodyOf}. */
export function readHead(message: IncomingMessage, origin: string): SimulatedRequest {
	const headers: Record<string, string> = {};
	for (const [name, value] of Object.entries(message.headers)) {
		if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
	}
	return {
		method: message.method ?? 'GET',
		url: new URL(message.url ?? '/', origin),
		headers,
		cookies: parseCookieHeader(headers.cookie ?? ''),
		userAgent: headers['user-agent'] ?? '',
		body: Buffer.alloc(0),
	};
}

/** Reads the body of a request to its end, no faster than it is taken in. Rejects when it breaks off. */
export async function readBodyOf(
	request: SimulatedRequest,
	message: IncomingMessage,
	{ keptBytes, fileNames, onBytes }: BodyReading,
): Promise<void> {
	const boundary = boundaryOf(request.headers['content-type'] ?? '');
	const whole = new ContentSink(Math.max(keptBytes, maxWholeBytes));
	const reader =
		boundary === undefined ? undefined : new MultipartReader(boundary, keptBytes, fileNames);
	let bytes = 0;
	// Refused in between, the rest is still read, or the connection closed in its own way.
	const chunks: AsyncIterable<Buffer> = message.iterator({ destroyOnReturn: false });
	for await (const chunk of chunks) {
		(reader ?? whole).write(chunk);
		bytes += chunk.length;
		await onBytes?.(bytes);
	}
	const parts = reader?.end();
	if (parts !== undefined) request.parts = parts;
	if (reader !== undefined) return;
	request.content = whole.finish();
	if (bytes <= maxWholeBytes) request.body = request.content.bytes();
}

/** Reads a small request to its end. */
export async function readRequest(
	message: IncomingMessage,
	origin: string,
): Promise<SimulatedRequest> {
	const request = readHead(message, origin);
	await readBodyOf(request, message, { keptBytes: maxWholeBytes, fileNames: 'both' });
	return request;
}

/** The body of a request as content. */
export function contentOf(request: SimulatedRequest): FileContent {
	return request.content ?? FileContent.of(request.body);
}

/** Bytes of the body, whatever its form. */
export function bodySizeOf(request: SimulatedRequest): number {
	const inParts = request.parts?.reduce((sum, { content }) => sum + content.size, 0) ?? 0;
	return contentOf(request).size + inParts;
}

function parseCookieHeader(header: string): Array<[string, string]> {
	return header
		.split(';')
		.map((pair) => pair.trim())
		.filter((pair) => pair !== '')
		.map((pair): [string, string] => {
			const at = pair.indexOf('=');
			return at < 0 ? ['', pair] : [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
		});
}

/** The media type of the body, without parameters, in lower case. */
export function contentTypeOf(request: SimulatedRequest): string {
	return (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** The parts of a multipart body; undefined when the body is none or is broken. */
export function multipartOf(request: SimulatedRequest): MultipartPart[] | undefined {
	return request.parts;
}

/**
 * The fields of a form body, url-encoded or multipart. Undefined for any other content type.
 * Field names keep their case; {@link FormFields.get} ignores it, as ASP.NET does.
 */
export function formOf(request: SimulatedRequest): FormFields | undefined {
	const type = contentTypeOf(request);
	if (type === 'application/x-www-form-urlencoded') {
		return new FormFields([...new URLSearchParams(request.body.toString('utf8'))]);
	}
	if (type === 'multipart/form-data') {
		const parts = multipartOf(request);
		return (
			parts &&
			new FormFields(parts.map(({ name, content }) => [name, content.bytes().toString('utf8')]))
		);
	}
	return undefined;
}

/** Fields of a form, looked up without regard to case. */
export class FormFields {
	constructor(private readonly entries: ReadonlyArray<readonly [string, string]>) {}

	/** The first value of a field, or the empty string. */
	get(name: string): string {
		const found = this.entries.find(([key]) => key.toLowerCase() === name.toLowerCase());
		return found?.[1] ?? '';
	}

	/** Whether a field was sent, even empty. */
	has(name: string): boolean {
		return this.entries.some(([key]) => key.toLowerCase() === name.toLowerCase());
	}

	/** A name that was sent more than once, if any. */
	get doubledName(): string | undefined {
		const names = this.entries.map(([key]) => key);
		return names.find((name, index) => names.indexOf(name) !== index);
	}
}

/** Whether `Accept` names a JSON type; a wildcard alone does not (docs/facts/docuware.md 1). */
export function asksForJson(request: SimulatedRequest): boolean {
	return acceptedTypes(request).some(
		({ type, quality }) =>
			quality > 0 && (type === 'application/json' || /^application\/.+\+json$/.test(type)),
	);
}

/** The media ranges of `Accept` with their quality, best first. */
export function acceptedTypes(request: SimulatedRequest): Array<{ type: string; quality: number }> {
	return weighted(request.headers.accept ?? '').map(({ value, quality }) => ({
		type: value,
		quality,
	}));
}

/** `de` or `en`, whichever `Accept-Language` wants more; undefined when it names neither. */
export function acceptedLanguage(request: SimulatedRequest): 'en' | 'de' | undefined {
	for (const { value } of weighted(request.headers['accept-language'] ?? '')) {
		if (value === 'de' || value.startsWith('de-')) return 'de';
		if (value === 'en' || value.startsWith('en-')) return 'en';
	}
	return undefined;
}

function weighted(header: string): Array<{ value: string; quality: number }> {
	return header
		.split(',')
		.map((entry) => {
			const [value = '', ...parameters] = entry.split(';').map((part) => part.trim().toLowerCase());
			const quality = parameters.find((part) => part.startsWith('q='))?.slice(2);
			return { value, quality: quality === undefined ? 1 : Number(quality) };
		})
		.filter(({ value }) => value !== '')
		.sort((one, other) => other.quality - one.quality);
}
