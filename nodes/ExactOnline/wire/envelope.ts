import { looksLikeHtml, serviceText } from '../../shared/http';
import { ConnectorError } from '../../shared/errors';
import type { ExactRow } from './exactTypes';

export interface Envelope {
	rows: ExactRow[];
	next?: string;
	count?: number;
}

/**
 * Takes the entities out of whatever envelope they came in (facts/exact-online.md 4.1): a list with
 * `d.results` and `__next`, a bare array in `d`, or a single entity in `d`.
 *
 * @throws ConnectorError EXACT_UNEXPECTED_ANSWER where the body is none of these.
 */
export function readEnvelope(body: string): Envelope {
	if (body.trim() === '') return { rows: [] };
	const content = parseJson(body);
	if (!isRecord(content) || !('d' in content)) throw unexpectedBody(body);
	const { d } = content;
	if (Array.isArray(d)) return { rows: d.filter(isRecord) };
	if (!isRecord(d)) throw unexpectedBody(body);
	if (!Array.isArray(d.results)) return { rows: [d] };
	const envelope: Envelope = { rows: d.results.filter(isRecord) };
	if (typeof d.__next === 'string' && d.__next !== '') envelope.next = d.__next;
	const count = Number(d.__count ?? Number.NaN);
	if (Number.isFinite(count)) envelope.count = count;
	return envelope;
}

/** A body as JSON; undefined where it is none. */
export function parseJson(body: string): unknown {
	try {
		return JSON.parse(body) as unknown;
	} catch {
		return undefined;
	}
}

export function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unexpectedBody(body: string): ConnectorError {
	const what = looksLikeHtml(body) ? 'a web page' : 'something else than data';
	return new ConnectorError(
		'EXACT_UNEXPECTED_ANSWER',
		`Exact Online answered with ${what} although the request succeeded.`,
		{
			repair:
				'Check that the base URL of the credential is that of the region (for instance https://start.exactonline.nl) and that no proxy changes the answers.',
			serviceMessage: serviceText(body),
		},
	);
}
