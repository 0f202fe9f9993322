import { ConnectorError } from '../../shared/errors';
import { said } from '../../shared/errorText';
import { isPassing } from './retry';
import type { ServiceError } from './serviceError';

/** What was asked, for the words of an error. */
export interface AskedFor {
	method: string;
	endpoint: string;
	division: number | undefined;
}

/** Causes that Exact names in the header `Reason` of a 403 (facts/exact-online.md 1.10). */
const FORBIDDEN_REASONS: Record<string, { cause: string; repair: string }> = {
	blockeduser: {
		cause: 'the Exact Online user is blocked',
		repair: 'Unblock the user in Exact Online, or connect the credential with another user.',
	},
	inactiveuser: {
		cause: 'the Exact Online user is inactive',
		repair: 'Activate the user in Exact Online, or connect the credential with another user.',
	},
	blockedcustomer: {
		cause: 'the Exact Online subscription is blocked',
		repair: 'Settle this with Exact; the API works again once the subscription is unblocked.',
	},
	licenseexpired: {
		cause: 'the Exact Online licence has expired',
		repair: 'Renew the licence with Exact.',
	},
	divisionblocked: {
		cause: 'the division is blocked',
		repair: 'Choose another division, or have this one unblocked in Exact Online.',
	},
	nodivisionaccess: {
		cause: 'the user may not reach this division, or consent was given without it',
		repair:
			'Choose a division from the list, give the user access to it in Exact Online, or connect the credential again and include the division.',
	},
};

/**
 * The error for an answer with status 400 or above (other than 401 and 429, which the client
 * handles), after facts/exact-online.md 1.10, 3 and 4.7.
 */
export function answerError(
	status: number,
	headers: Record<string, string>,
	service: ServiceError,
	asked: AskedFor,
): ConnectorError {
	const { text } = service;
	const words = text === '' ? '' : `: ${text}`;
	const make = (code: string, message: string, repair: string, retryable = false) =>
		new ConnectorError(code, message, {
			repair,
			retryable,
			...said(text, status),
		});

	if (isPassing(status, service.gatewayFault)) {
		return make(
			'EXACT_SERVER_ERROR',
			`Exact Online is not available at the moment (status ${status})${words}`,
			'Try again later; https://status.exactonline.com tells about known disturbances.',
			true,
		);
	}
	if (status === 403) return forbidden(headers, text, asked, make);
	if (/mandatory filtering applied/i.test(text)) {
		const fields = /fields in the url:\s*(.+)$/i.exec(text)?.[1];
		return make(
			'EXACT_MANDATORY_FILTER',
			`${asked.endpoint} answers only requests with a filter${fields ? ` on one of these fields: ${fields}` : words}`,
			'Set a filter on one of the fields, for instance on Modified.',
		);
	}
	if (/\$select\b.*\$top=1/i.test(text)) {
		return make(
			'EXACT_SELECT_REQUIRED',
			`${asked.endpoint} answers only requests that name the fields to return${words}`,
			'Choose the fields to return.',
		);
	}
	if (status === 404) {
		return make(
			'EXACT_NOT_FOUND',
			`${describe(asked)} was not found${words}`,
			'Check the ID, and the division: a record exists in one division only, and a division in one region only.',
		);
	}
	// Validation errors come as 400 or 500 (facts 4.7); the apology for a fault inside does not name one.
	const apology = text === '' || /a problem has occurred/i.test(text);
	if (status === 400 || (status === 500 && asked.method !== 'GET' && !apology)) {
		return make(
			'EXACT_VALIDATION',
			`Exact Online refused the request${words}`,
			asked.method === 'GET'
				? 'Correct the filter, the fields or the order that the message names.'
				: 'Correct the fields that the message names. The message is in the language of the Exact Online user.',
		);
	}
	if (status >= 500) {
		return make(
			'EXACT_SERVER_ERROR',
			`Exact Online failed with status ${status}${words}`,
			asked.method === 'GET'
				? 'Try again later; if it stays, ask for fewer fields or a narrower filter.'
				: 'Check in Exact Online whether the change was made before sending it again. A PUT fails like this when it sends empty values for mandatory fields.',
		);
	}
	return make(
		'EXACT_UNEXPECTED_ANSWER',
		`Exact Online answered ${describe(asked)} with status ${status}${words}`,
		status < 400
			? 'Check that the base URL of the credential is that of the region, and that no proxy redirects the requests.'
			: 'Check path and method of the request.',
	);
}

type Make = (code: string, message: string, repair: string, retryable?: boolean) => ConnectorError;

function forbidden(
	headers: Record<string, string>,
	text: string,
	asked: AskedFor,
	make: Make,
): ConnectorError {
	if (/scope violated/i.test(text)) {
		return make(
			'EXACT_SCOPE_MISSING',
			`The app may not do this: ${text}`,
			'Tick the missing scope at the app in the Exact Online App Center, then connect the credential again.',
		);
	}
	const reason = (headers.reason ?? '').trim().slice(0, 100);
	const known = FORBIDDEN_REASONS[reason.toLowerCase()];
	if (known) {
		return make(
			'EXACT_FORBIDDEN',
			`Exact Online does not allow ${describe(asked)}: ${known.cause} (${reason}).`,
			known.repair,
		);
	}
	const words = [reason, text].filter((word) => word !== '').join(': ');
	return make(
		'EXACT_FORBIDDEN',
		`Exact Online does not allow ${describe(asked)}${words === '' ? '.' : `: ${words}`}`,
		'Check the rights of the Exact Online user, and that the licence contains the module.',
	);
}

function describe({ endpoint, division }: AskedFor): string {
	return division === undefined ? endpoint : `${endpoint} in division ${division}`;
}
