import {
	HttpTransportError,
	type HttpBodyTypes,
	type HttpResponse,
	type HttpResponseType,
} from '../../../../../nodes/shared/http';
import type { DocuWareRequest } from '../../../../../nodes/DocuWare/auth/session/sessionTypes';
import { FakeSession } from '../support/fakeSession';

/** A document of the fake server; its values by field. */
export interface FakeDocument {
	id: number;
	/** File cabinet; `fc` if not given. */
	cabinet?: string;
	values: Record<string, string | number>;
}

interface Condition {
	DBName: string;
	Value: Array<string | null>;
}

interface Body {
	Condition: Condition[];
	Operation: 'And' | 'Or';
	SortOrder?: Array<{ Field: string; Direction: string }>;
	Start: number;
	Count: number;
}

/** Most results that it gives for one search. */
const MOST = 10_000;

/** A file cabinet that answers searches over plain values, and can change between two of them. */
export class SearchServer extends FakeSession {
	readonly bodies: Body[] = [];

	/** Called before each answer, with the number of the request. */
	before: (request: number) => void = () => undefined;

	/** Most documents of an answer, whatever is asked for. */
	mostRows = 10_000;

	/** Most documents of an answer that can be read at once. */
	mostReadable = Infinity;

	/** What it refuses as a wrong value. */
	refuses: (body: Body) => boolean = () => false;

	/** Status of that. */
	refusedBy = 422;

	/** What the server does wrong. */
	fault: 'unsorted' | undefined;

	/** Whether documents come with their values. */
	givesValues = false;

	/** How the database orders two values; a missing one is an empty text. */
	compare = (one: string | number, other: string | number): number =>
		one < other ? -1 : Number(one > other);

	/** Whether answers tell if there are more results. */
	tellsMore = true;

	/** Counts no further than it gives, and says so. */
	cutsCounts = false;

	/** What answers count; the truth if not given. */
	count: ((all: number, onPage: number) => unknown) | undefined;

	/** Whether documents have `Id`; without it their number is a field. */
	givesIds = true;

	/**
	 * What links to further pages hold: a place; something that only the server reads, which then takes no place from a
	 * request; or the same again and again. Without it there are none.
	 */
	links: 'places' | 'opaque' | 'circle' | undefined;

	/** Server that links name; this one if not given. */
	linkOrigin = '';

	/** Whether links keep all fields that are sorted by, or the first alone. */
	linkedSort: 'all' | 'first' = 'all';

	/** Status of the answers to links. */
	linkStatus = 200;

	/** What links are answered with in place of a page. */
	linkAnswer: object | undefined;

	private readonly continued: Array<{ body: Body; search: string }> = [];

	constructor(readonly documents: Map<number, FakeDocument>) {
		super();
	}

	override async request<R extends HttpResponseType = 'text'>(
		request: DocuWareRequest<R>,
	): Promise<HttpResponse<HttpBodyTypes[R]>> {
		this.requests.push(request);
		if (request.method === 'GET' && (this.linkStatus !== 200 || this.linkAnswer !== undefined)) {
			return answer(request, this.linkStatus, this.linkAnswer ?? { Message: 'not here' });
		}
		const body = this.bodyOf(request);
		this.bodies.push(body);
		this.before(this.bodies.length);
		if (body.Count > MOST || body.Start + body.Count > MOST) {
			return answer(request, 422, { Message: 'exceeds the system limit of 10000 per request' });
		}
		if (this.refuses(body)) return answer(request, this.refusedBy, { Message: 'not valid' });
		const found = this.found(body);
		const rows = found.slice(body.Start, body.Start + Math.min(body.Count, this.mostRows));
		if (rows.length > this.mostReadable) throw tooLarge();
		const hasMore = body.Start + rows.length < found.length;
		const total = /calculateTotalCount=true/.test(request.url);
		return answer(request, 200, {
			Count: {
				...(this.tellsMore && { HasMore: hasMore }),
				Value: this.count?.(found.length, rows.length) ?? (total ? found.length : rows.length),
				...(this.cutsCounts && {
					Value: Math.min(found.length, MOST),
					ExceedLimit: found.length > MOST,
				}),
			},
			Items: rows.map(({ id, cabinet = 'fc', values }) => ({
				...{ ...(this.givesIds && { Id: id }), FileCabinetId: cabinet },
				Fields: [
					...(this.givesValues ? fieldsOf(values) : []),
					...(this.givesIds ? [] : fieldsOf({ DWDOCID: id })),
				],
			})),
			...(this.links && {
				Links: hasMore ? [{ rel: 'next', href: this.linkBehind(request, body, rows.length) }] : [],
			}),
		});
	}

	/** What is asked for: by the body, or by the link that was given for a page. */
	private bodyOf({ method, url, body }: DocuWareRequest<HttpResponseType>): Body {
		if (method !== 'GET') {
			const sent = JSON.parse(String(body)) as Body;
			return this.links === 'opaque' || this.links === 'circle' ? { ...sent, Start: 0 } : sent;
		}
		const query = new URL(url).searchParams;
		const known = this.continued[Number(query.get('token'))];
		if (known === undefined) throw new Error('A link that was never given.');
		const [start, count] = [query.get('start'), query.get('count')];
		return {
			...known.body,
			...(start !== null && { Start: Number(start) }),
			...(count !== null && { Count: Number(count) }),
		};
	}

	private linkBehind({ url }: DocuWareRequest<HttpResponseType>, body: Body, rows: number): string {
		const order = body.SortOrder?.slice(0, this.linkedSort === 'first' ? 1 : undefined);
		const next = { ...body, Start: body.Start + rows, ...(order && { SortOrder: order }) };
		const search = new URL(url).search;
		const token = this.links === 'circle' ? 0 : this.continued.length;
		this.continued[token] ??= { body: next, search };
		const place = this.links === 'places' ? `&start=${next.Start}&count=${body.Count}` : '';
		return `${this.linkOrigin}/DocuWare/Platform/FileCabinets/fc/Query/Documents?token=${token}${place}`;
	}

	private found({ Condition: conditions, Operation: operation, SortOrder: order = [] }: Body) {
		const fits = (document: FakeDocument) =>
			operation === 'Or' && conditions.length > 0
				? conditions.some((one) => meets(document, one))
				: conditions.every((one) => meets(document, one));
		const found = [...this.documents.values()].filter(fits);
		if (this.fault === 'unsorted') return found.reverse();
		return found.sort((one, other) => {
			for (const { Field: field, Direction: direction } of order) {
				const [a, b] = [valueOf(one, field), valueOf(other, field)];
				const order = this.compare(a, b);
				if (order !== 0) return direction === 'Desc' ? -order : order;
			}
			return 0;
		});
	}
}

function tooLarge(): HttpTransportError {
	return new HttpTransportError('HTTP_RESPONSE_TOO_LARGE', 'Too large.', {
		...{ kind: 'tooLarge', requestSent: true, answered: 200, repair: 'Ask for less.' },
	});
}

function fieldsOf(values: FakeDocument['values']): object[] {
	return Object.entries(values).map(([FieldName, Item]) => ({
		...{ FieldName, Item },
		ItemElementName: typeof Item === 'number' ? 'Decimal' : 'String',
	}));
}

function valueOf({ id, values }: FakeDocument, field: string): string | number {
	return field === 'DWDOCID' ? id : (values[field] ?? '');
}

function meets(document: FakeDocument, { DBName: field, Value: values }: Condition): boolean {
	const value = valueOf(document, field);
	const [first, second] = values;
	if (values.length === 1) return String(value) === first?.replace(/"/g, '');
	const number = Number(value);
	return (
		(first === null || number >= Number(first)) && (second === null || number <= Number(second))
	);
}

function answer<R extends HttpResponseType>(
	{ url }: DocuWareRequest<R>,
	status: number,
	body: object,
): HttpResponse<HttpBodyTypes[R]> {
	return {
		status,
		statusText: '',
		headers: {},
		setCookie: [],
		body: JSON.stringify(body) as HttpBodyTypes[R],
		url,
	};
}
