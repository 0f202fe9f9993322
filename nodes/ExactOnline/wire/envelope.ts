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
	if (Array.isArray(d)) return { rows: d.filter(isRecord) };
	if (!isRecord(d)) return undefined;
	if (!Array.isArray(d.results)) return { rows: [d] };
	const envelope: Envelope = { rows: d.results.filter(isRecord) };
	if (typeof d.__next === 'string' && d.__next !== '') envelope.next = d.__next;
	const count = Number(d.__count ?? Number.NaN);
	if (Number.isFinite(count)) envelope.count = count;
	return envelope;
}

/** A success whose body holds no entities. */
export function unexpectedBody(body: string): ConnectorError {
	const what = looksLikeHtml(body) ? 'a web page' : 'something else than data';
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
