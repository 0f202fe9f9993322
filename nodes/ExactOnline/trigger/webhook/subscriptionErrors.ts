import { ConnectorError } from '../../../shared/errors';
import { underAdvanced } from '../../../shared/errorText';
import { shownAddress } from '../../../shared/http';
import type { Subscription, WantedSubscription } from './subscriptionTypes';

const LET_ONE_RECEIVE =
	'Let one workflow receive and start the other one, or let the other one poll with the Exact Online Trigger, if the ' +
	'entity is in its list. If nobody needs that subscription any more, set If Subscribed Already to Replace.';

const TAKEN_REPAIRS = {
	published: LET_ONE_RECEIVE,
	'made meanwhile': LET_ONE_RECEIVE,
	tested:
		'A test run replaces nothing but the subscription of its own node. Unpublish the workflow that receives there, or test with another topic. ' +
		'If it is this workflow, in which you have put another trigger node since, publish it first.',
	'taken meanwhile':
		'It was made after this workflow was published, which therefore receives nothing any more, although it still is. To have it ' +
		'receive again, end that subscription where it was made, or set If Subscribed Already to Replace, and publish this workflow again.',
};

/**
 * Somebody else's subscription is in the way.
 * @param why what was wanted
 * @param owners of each, where they are known
 */
export function taken(
	present: readonly Subscription[],
	why: keyof typeof TAKEN_REPAIRS,
	owners: { nameAt(url: string): string | undefined } = { nameAt: () => undefined },
): ConnectorError {
	const list = present.map(({ division, topic, url }) => {
		const whose = owners.nameAt(url);
		return `${topic} in division ${division} is sent to ${shownAddress(url)}${whose ? ` (${whose})` : ''}`;
	});
	return new ConnectorError(
		'EXACT_WEBHOOK_TAKEN',
		`Exact Online keeps one subscription for each topic, division and app, and there is one already: ${list.join('; ')}.`,
		{
			repair: TAKEN_REPAIRS[why],
		},
	);
}

/** Exact Online would not make the subscription. */
export function refused(
	{ division, topic, url }: WantedSubscription,
	{ message, httpStatus, serviceMessage }: ConnectorError,
): ConnectorError {
	return new ConnectorError(
		'EXACT_WEBHOOK_REFUSED',
		`Exact Online has made no subscription to ${topic} in division ${division}: ${serviceMessage ?? message} (for ${shownAddress(url)})`,
		{
			repair:
				'Exact Online calls the address while it makes the subscription: see that the internet reaches it over https with a ' +
				"valid certificate, that its domain is that of the app's redirect URI, and that the topic is written as Exact Online writes it. " +
				'If the reason is that the data exist already, another user has subscribed with this app, which this user is not shown: end ' +
				'that subscription with the connection of that user, or poll with the Exact Online Trigger.',
			httpStatus,
			serviceMessage,
		},
	);
}

/** Deliveries cannot be told from forged ones. */
export function secretMissing(): ConnectorError {
	return new ConnectorError(
		'EXACT_WEBHOOK_SECRET_MISSING',
		'The Exact Online credential holds no webhook secret, so that nobody could tell deliveries of Exact Online from forged ones.',
		{
			repair:
				'In the Exact Online App Center open Manage My Apps, then the app, copy its webhook secret, and put it into the field ' +
				`${underAdvanced('Webhook Secret of the credential')}.`,
		},
	);
}

/** The address of the node is none that Exact Online takes. */
export function unfitAddress(problem: string, repair: string): ConnectorError {
	return new ConnectorError('EXACT_WEBHOOK_ADDRESS', problem, { repair });
}

/** The same failure, after which not everything could be put back. @param urls where Exact Online sent before */
export function notUndone(
	{ code, message, repair, httpStatus, serviceMessage, retryable, retryAt }: ConnectorError,
	urls: readonly string[],
): ConnectorError {
	const left = `What was changed before could not be undone for ${urls.map(shownAddress).join(', ')}.`;
	return new ConnectorError(code, `${message} ${left}`, {
		...{ repair, httpStatus, serviceMessage, retryable, retryAt },
	});
}

/** The division is not there, as far as the user can see. */
export function noDivision(division: number, { httpStatus }: ConnectorError): ConnectorError {
	return new ConnectorError(
		'EXACT_NOT_FOUND',
		`Exact Online has no subscriptions in division ${division}: there is no such division, or the user may not reach it.`,
		{
			repair: 'Choose the division from the list; it has those that the user may reach.',
			httpStatus,
		},
	);
}
