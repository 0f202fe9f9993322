import { isHtml, isRecord, parseJson, parseObject, serviceText } from '../../shared/http';
import { ConnectorError } from '../../shared/errors';
import type { ExactRow } from './exactTypes';
import { readServiceError } from './serviceError';

export interface Envelope {
	rows: ExactRow[];
	next?: string;
	count?: number;
	/** Nothing stands there, which is no word that there is none. */
	isNothing?: true;
}

const NOTHING: Envelope = { rows: [], isNothing: true };

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
	if (body.trim() === '') return { ...NOTHING };
	const content = parseJson(body);
	const d = isRecord(content) ? content.d : undefined;
	if (Array.isArray(d)) return d.every(isRecord) ? { rows: d } : undefined;
	if (!isRecord(d)) return undefined;
	const results: unknown = d.results;
	if (!Array.isArray(results)) {
		// No entity has such a field: it is a list whose rows are missing.
		if ('results' in d) return undefined;
		return Object.keys(d).length === 0 ? { ...NOTHING } : { rows: [d] };
	}
	if (!results.every(isRecord)) return undefined;
	const envelope: Envelope = { rows: results };
	const next: unknown = d.__next ?? '';
	// A list goes on behind a link that is none.
	if (typeof next !== 'string') return undefined;
	if (next !== '') envelope.next = next;
	const count = Number(d.__count ?? Number.NaN);
	if (Number.isFinite(count)) envelope.count = count;
	return envelope;
}

/**
 * Whether a body says nothing of what was asked for, whatever its status is: an error, a page such as that for logging in,
 * which Exact shows with a success as its status, or any other text that is no JSON, be it torn.
 */
export function isForeignBody(body: string): boolean {
	const isJson = /^\s*(?:$|[[{"])/.test(body) || parseJson(body) !== undefined;
	return !isJson || toldError(body) !== undefined;
}

/** The words of an error in a body that should have none; undefined where it is no error. */
function toldError(body: string): string | undefined {
	const content = parseObject(body);
	const { d, error = content?.fault } = content ?? {};
	if (d !== undefined || error === undefined) return undefined;
	return readServiceError(body, []).text;
}

/** A success whose body holds no entities. */
export function unexpectedBody(body: string): ConnectorError {
	const isEmpty = body.trim() === '';
	const error = toldError(body);
	const other = isHtml(body) ? 'a web page' : 'something else than data';
	const what = isEmpty ? 'an empty body' : error === undefined ? other : 'an error';
	const words = error === undefined ? '.' : `: ${error}`;
	return new ConnectorError(
		'EXACT_UNEXPECTED_ANSWER',
		`Exact Online answered with ${what} although the request succeeded${words}`,
		{
			repair:
				'Check that the base URL of the credential is that of the region (for instance ' +
				'https://start.exactonline.nl) and that no proxy changes the answers.',
			listRepair:
				'See that the region of the credential is right, and that no proxy changes the answers.',
			serviceMessage: serviceText(body),
		},
	);
}
