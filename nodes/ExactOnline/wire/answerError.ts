import { ConnectorError } from '../../shared/errors';
import { said } from '../../shared/errorText';
import { redirectTarget } from '../../shared/http';
import { isPassing, TOO_MUCH_ASKED } from './retry';
import type { ServiceError } from './serviceError';

/** What was asked, for the words of an error. */
export interface AskedFor {
	method: string;
	endpoint: string;
	division: number | undefined;
}

/** Causes that Exact names in the header `Reason` of a 403 (docs/facts/exact-online.md 1.10). */
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
			'Choose a division from the list, or give the user access to it in Exact Online and the app consent for it ' +
			'(My Exact Online > Permissions of apps > Manage divisions; or connect the credential again).',
	},
};

/** Consent names the divisions that an app may reach; the user changes it there. */
export const DIVISION_CONSENT =
	'Let the user open My Exact Online > Permissions of apps, and tick the division at this app under Manage ' +
	'divisions; or connect the credential again and include the division on the consent page.';

/** What an answer means: the parts of its error. */
interface Meaning {
	code: string;
	message: string;
	repair: string;
	listRepair?: string;
	retryable?: boolean;
}

/** An answer and what was asked, for the words of an error. */
interface Refusal {
	status: number;
	headers: Record<string, string>;
	asked: AskedFor;
	/** The service's own words; empty where it gave none. */
	text: string;
	/** The same as the end of a sentence. */
	words: string;
	/** Whether they stood on a web page. */
	isPage: boolean;
}

/**
 * The error for an answer with status 400 or above (other than 401 and 429, which the client
 * handles), after docs/facts/exact-online.md 1.10, 3 and 4.7.
 */
export function answerError(
	status: number,
	headers: Record<string, string>,
	service: ServiceError,
	asked: AskedFor,
): ConnectorError {
	const { text } = service;
	const { isPage = false } = service;
	const refusal: Refusal = { status, headers, asked, text, words: text && `: ${text}`, isPage };
	const { code, message, ...rest } = isPassing(status, service.gatewayFault)
		? passing(refusal)
		: meaningOf(refusal);
	return new ConnectorError(code, message, { ...rest, ...said(text, status) });
}

function passing({ status, words }: Refusal): Meaning {
	return {
		code: 'EXACT_SERVER_ERROR',
		message: `Exact Online is not available at the moment: status ${status}${words}`,
		repair: 'Try again later; https://status.exactonline.com tells about known disturbances.',
		retryable: true,
	};
}

function meaningOf(refusal: Refusal): Meaning {
	const { status, asked, text, words, isPage } = refusal;
	if (status === 403) return forbidden(refusal);
	if (status === TOO_MUCH_ASKED) return tooMuchAsked(refusal);
	const narrower = narrowerRequest(asked, text, words);
	if (narrower !== undefined) return narrower;
	if (status === 404) {
		return {
			code: 'EXACT_NOT_FOUND',
			message: `${isPage ? 'A web page says that what was asked for was not found' : 'Exact Online has not found what was asked for'}: ${describe(asked)}${words}`,
			repair:
				'Check the ID, and the division: a record exists in one division only, and a division in one region only.' +
				(isPage ? ' Check, too, that no proxy answers in place of Exact Online.' : ''),
			// A proxy has such a page while what is behind it does not answer.
			retryable: isPage,
		};
	}
	// Validation errors come as 400 or 500 (4.7); the apology for a fault inside does not name one.
	const apology = text === '' || /a problem has occurred/i.test(text);
	if (status === 400 || (status === 500 && asked.method !== 'GET' && !apology)) {
		return validation(asked, words);
	}
	if (status >= 500) return serverFault(refusal);
	return seldom(refusal);
}

function seldom({ status, headers, asked, words }: Refusal): Meaning {
	if (status === 409) {
		return {
			code: 'EXACT_CONFLICT',
			message: `The change conflicts with what is in Exact Online: ${describe(asked)}${words}`,
			repair:
				'Read the record again, since somebody has changed it or it exists already, and send the change anew.',
		};
	}
	if (status === 413) {
		return {
			code: 'EXACT_TOO_LARGE',
			message: `What was sent is larger than Exact Online or a proxy in front of it takes: ${describe(asked)}${words}`,
			repair:
				'Send less at once. A body of at most 9.5 MB is safe in every region, and a file of at most 7.1 MB, since it is sent in base64.',
		};
	}
	const target = redirectTarget(headers);
	const to = status < 400 && target !== undefined ? `, a redirect to ${target}` : '';
	return {
		code: 'EXACT_UNEXPECTED_ANSWER',
		message: `Exact Online gave no known answer: ${describe(asked)} has status ${status}${to}${words}`,
		repair:
			status < 400
				? 'Check that the base URL of the credential is that of the region, with https:// in front, and that no ' +
					'proxy redirects the requests.'
				: 'Check path and method of the request.',
	};
}

/** Endpoints that answer only requests with a filter, or with the fields named. */
function narrowerRequest(asked: AskedFor, text: string, words: string): Meaning | undefined {
	if (/mandatory filtering applied/i.test(text)) {
		const fields = /fields in the url:\s*(.+)$/i.exec(text)?.[1];
		const which = fields ? ` on one of these fields: ${fields}` : words;
		return {
			code: 'EXACT_MANDATORY_FILTER',
			message: `Exact Online gives this list with a filter alone: ${asked.endpoint}${which}`,
			repair: 'Set a filter on one of the fields, for instance on Modified.',
		};
	}
	if (/\$select\b.*\$top=1/i.test(text)) {
		return {
			code: 'EXACT_SELECT_REQUIRED',
			message: `Exact Online gives this list only where the fields to return are named: ${asked.endpoint}${words}`,
			repair: 'Choose the fields to return.',
		};
	}
	return undefined;
}

function validation(asked: AskedFor, words: string): Meaning {
	return {
		code: 'EXACT_VALIDATION',
		message: `Exact Online refused the request${words}`,
		repair:
			asked.method === 'GET'
				? 'Correct the filter, the fields or the order that the message names.'
				: 'Correct the fields that the message names. The message is in the language of the Exact Online user.',
		listRepair: 'Look for something else, or give the value by its ID.',
	};
}

function tooMuchAsked({ asked, words }: Refusal): Meaning {
	return {
		code: 'EXACT_TOO_MUCH_ASKED',
		message: `Exact Online took too long over the request: ${describe(asked)}${words}`,
		repair:
			asked.method === 'GET'
				? 'Ask for less at once: a narrower filter, fewer fields, no order. The same request would fail again.'
				: 'Check in Exact Online whether the change was made before sending it again, in smaller parts.',
	};
}

function serverFault({ status, asked, words }: Refusal): Meaning {
	return {
		code: 'EXACT_SERVER_ERROR',
		message: `Exact Online failed: status ${status}${words}`,
		repair:
			asked.method === 'GET'
				? 'Try again later; if it stays, ask for fewer fields or a narrower filter.'
				: 'Check in Exact Online whether the change was made before sending it again. A PUT ' +
					'fails like this when it sends empty values for mandatory fields.',
	};
}

function forbidden({ headers, text, asked, isPage }: Refusal): Meaning {
	if (/division.{0,40}scope|scope.{0,40}division/i.test(text)) {
		return {
			code: 'EXACT_FORBIDDEN',
			message: `Exact Online does not allow this: ${describe(asked)}: ${text}`,
			repair: DIVISION_CONSENT,
		};
	}
	if (/scope violated/i.test(text)) {
		return {
			code: 'EXACT_SCOPE_MISSING',
			message: `The app may not do this: ${text}`,
			repair:
				'Tick the missing scope at the app in the Exact Online App Center, then connect the credential again.',
		};
	}
	const reason = (headers.reason ?? '').trim().slice(0, 100);
	const known = FORBIDDEN_REASONS[reason.toLowerCase()] ?? causeIn(text);
	if (known) {
		return {
			code: 'EXACT_FORBIDDEN',
			message: `Exact Online does not allow this, since ${known.cause}: ${describe(asked)} (${reason || text}).`,
			repair: known.repair,
		};
	}
	if (isPage) {
		return {
			code: 'EXACT_FORBIDDEN',
			message: `A web page refuses the request, as a firewall or an IP filter does: ${describe(asked)}${text && `: ${text}`}`,
			repair:
				'Have the address of the machine that runs n8n allowed at the firewall or proxy on the way, and in the ' +
				'IP addresses that Exact Online accepts for the user.',
		};
	}
	const words = [reason, text].filter((word) => word !== '').join(': ');
	return {
		code: 'EXACT_FORBIDDEN',
		message: `Exact Online does not allow this: ${describe(asked)}${words === '' ? '.' : `: ${words}`}`,
		repair: 'Check the rights of the Exact Online user, and that the licence contains the module.',
	};
}

/** The same causes where they stand in the text: `License expired`, `The user is blocked`. */
function causeIn(text: string): { cause: string; repair: string } | undefined {
	const words = text
		.toLowerCase()
		.replace(/licence/g, 'license')
		.replace(/[^a-z]/g, '');
	const reason = Object.keys(FORBIDDEN_REASONS).find((one) => words.includes(one));
	return reason === undefined ? undefined : FORBIDDEN_REASONS[reason];
}

function describe({ endpoint, division }: AskedFor): string {
	return division === undefined ? endpoint : `${endpoint} in division ${division}`;
}
