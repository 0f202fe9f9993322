import { isRecord, parseJson } from '../../../shared/http';
import type { AskedFor } from '../../wire/answerError';
import { errorBudgetSpent } from '../clientErrors';
import type { ClientState, EndpointErrors } from './clientState';
import type { Clock } from './clock';

const HOUR_MS = 3_600_000;

/** Equal errors after which requests of the same kind are held back. */
const EQUAL_ERRORS = 5;

/** Errors of any kind at one endpoint after which all requests to it are held back; Exact blocks after 10. */
const ALL_ERRORS = 9;

/** Statuses that Exact counts (facts/exact-online.md 1.7). */
const COUNTED = new Set([400, 401, 403, 404]);

/**
 * Stops a workflow that goes on sending what Exact refuses, before Exact blocks the app for everybody
 * (facts/exact-online.md 1.7: more than ten errors per hour, app, user, division and endpoint).
 */
export class ErrorBudget {
	constructor(
		private readonly state: ClientState,
		private readonly clock: Clock,
		private readonly key: string,
		private readonly asked: AskedFor,
		/** Kind of request: two with the same shape are expected to fail alike. */
		private readonly shape: string,
	) {}

	/** @throws ConnectorError EXACT_ERROR_BUDGET where the request is held back, with the time. */
	check(): void {
		const errors = this.errors();
		const now = this.clock.now();
		if (errors.blockedUntil !== undefined && errors.blockedUntil > now) {
			throw errorBudgetSpent(
				this.asked,
				'Exact Online has blocked the app at this endpoint for a while because of errors.',
				errors.blockedUntil,
			);
		}
		const { recent } = errors;
		const oldest = recent.at(-ALL_ERRORS);
		if (oldest) {
			const why = `${recent.length} requests to ${this.asked.endpoint} failed within an hour.`;
			throw errorBudgetSpent(this.asked, why, oldest.at + HOUR_MS);
		}
		const alike = recent.filter(({ shape, settled }) => shape === this.shape && !settled);
		for (const kind of new Set(alike.map((error) => error.kind))) {
			const equal = alike.filter((error) => error.kind === kind);
			const first = equal.at(-EQUAL_ERRORS);
			if (first) {
				const why = `The same kind of request failed ${equal.length} times within an hour (${kind}).`;
				throw errorBudgetSpent(this.asked, why, first.at + HOUR_MS);
			}
		}
	}

	/** Counts an error answer, where Exact counts it. */
	failed(status: number, code: string, text: string): void {
		if (!COUNTED.has(status)) return;
		const kind = [`${status} ${code}`, text.slice(0, 120)].filter((part) => part !== '').join(': ');
		this.errors().recent.push({ at: this.clock.now(), shape: this.shape, kind, settled: false });
	}

	/** A request of this shape went well: earlier failures say nothing about the next one. */
	succeeded(): void {
		for (const error of this.errors().recent) if (error.shape === this.shape) error.settled = true;
	}

	/** The service said that it blocks the app: for an hour, as facts/exact-online.md 1.7 has it. */
	blocked(): void {
		this.errors().blockedUntil = this.clock.now() + HOUR_MS;
	}

	private errors(): EndpointErrors {
		let errors = this.state.errors.get(this.key);
		if (!errors) {
			errors = { recent: [] };
			this.state.errors.set(this.key, errors);
		}
		const since = this.clock.now() - HOUR_MS;
		errors.recent = errors.recent.filter(({ at }) => at > since);
		return errors;
	}
}

/**
 * The kind of a request: method, key, the query without its values, and the names of the fields in
 * the body. A request for another record, with another filter or other fields is another kind.
 */
export function requestShape(method: string, url: string, body?: string): string {
	const { pathname, searchParams } = new URL(url);
	const options = [...searchParams]
		.filter(([name]) => name !== '$skiptoken')
		.map(([name, value]) => `${name}=${name === '$filter' ? withoutLiterals(value) : value}`)
		.sort();
	const content = body === undefined ? undefined : parseJson(body);
	const fields = isRecord(content) ? Object.keys(content).sort() : [];
	return [method, pathname, options.join('&'), fields.join(',')].join(' ');
}

function withoutLiterals(filter: string): string {
	return filter.replace(/'(?:[^']|'')*'/g, "''").replace(/\b\d+(?:\.\d+)?L?\b/g, '0');
}
