import { isRecord, looksLikeHtml, parseJson, serviceText } from '../../shared/http';
import { ConnectorError } from '../../shared/errors';
import type { ExactRow } from './exactTypes';

export interface Envelope {
	rows: ExactRow[];
	next?: string;
	count?: number;
}

/**
 * Takes the entities out of whatever envelope they came in.
 * @throws ConnectorError EXACT_UNEXPECTED_ANSWER where the body is none of these.
 */
export function readEnvelope(body: string): Envelope {
	const envelope = envelopeOf(body);
	if (envelope === undefined) throw unexpectedBody(body);
	return envelope;
}

/**
 * The envelopes that Exact knows (docs/facts/exact-online.md 4.1): a list with `d.results` and
 * `__next`, a bare array in `d`, or a single entity in `d`. An empty body has no entities; undefined
 * for anything else.
 */
export function envelopeOf(body: string): Envelope | undefined {
	if (body.trim() === '') return { rows: [] };
	const content = parseJson(body);
	const d = isRecord(content) ? content.d : undefined;
	if (Array.isArray(d)) return d.every(isRecord) ? { rows: d } : undefined;
	if (!isRecord(d)) return undefined;
	const results: unknown = d.results;
	if (!Array.isArray(results)) return { rows: [d] };
	if (!results.every(isRecord)) return undefined;
	const envelope: Envelope = { rows: results };
	if (typeof d.__next === 'string' && d.__next !== '') envelope.next = d.__next;
	const count = Number(d.__count ?? Number.NaN);
	if (Number.isFinite(count)) envelope.count = count;
	return envelope;
}

/** A success whose body holds no entities. */
export function unexpectedBody(body: string): ConnectorError {
	const isEmpty = body.trim() === '';
	const other = looksLikeHtml(body) ? 'a web page' : 'something else than data';
	const what = isEmpty ? 'an empty body' : other;
	return new ConnectorError(
		'EXACT_UNEXPECTED_ANSWER',
		`Exact Online answered with ${what} although the request succeeded.`,
		{
			repair:
				'Check that the base URL of the credential is that of the region (for instance ' +
				'https://start.exactonline.nl) and that no proxy changes the answers.',
			serviceMessage: serviceText(body),
		},
	);
}
