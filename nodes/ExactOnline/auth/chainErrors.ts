import { said, underAdvanced } from '../../shared/errorText';
import { ConnectorError } from '../../shared/errors';
import { chainSentence } from '../../shared/tokenChain/chainSentence';
import type { ChainErrors, DuplicateOwner } from '../../shared/tokenChain/types';

/** Exact Online's words for what can go wrong with a token chain; every code is in docs/errors.md. */
export const exactChainErrors: ChainErrors = {
	chainLost(about, code, detail, answerLostAt) {
		if (code === MIXED_LOG_IN) return exactChainErrors.mixedLogIn(about);
		const known = LOST[code] ?? LOST.EXACT_REFRESH_TOKEN_REFUSED!;
		const { cause, repair, listRepair } =
			answerLostAt === null || code === 'EXACT_REFRESH_TOKEN_EXPIRED'
				? known
				: ownAnswerLost(answerLostAt);
		return new ConnectorError(
			code || 'EXACT_REFRESH_TOKEN_REFUSED',
			chainSentence(cause, about, detail),
			{ repair, ...(listRepair !== undefined && { listRepair }), ...said(detail) },
		);
	},

	unknownAuthorization(about, detail) {
		return new ConnectorError(
			'EXACT_VAULT_MISSING_OR_RESTORED',
			chainSentence(
				`${ENDED}. The vault does not know this authorization, and Exact Online calls it old, so that the vault ` +
					'is missing or was restored from an old copy, another credential was connected later ' +
					'for the same app and user, or another program uses them',
				about,
				detail,
			),
			{
				repair:
					`${RUN_THE_OTHER} Else open the credential and press Connect to log in again. ` +
					"Keep the vault (n8n's user " +
					'folder or database) on storage that lasts and in the backup, and give every program ' +
					'an app registration or an Exact user of its own.',
				listRepair: IN_A_LIST,
				...said(detail),
			},
		);
	},

	configuration(about, code, detail) {
		const notFound = code === 'EXACT_CLIENT_NOT_FOUND';
		return new ConnectorError(
			code,
			chainSentence(
				notFound
					? 'Exact Online does not know the client id at this region'
					: 'Exact Online refused the client id or the client secret',
				about,
				detail,
			),
			{
				repair:
					'Open the credential and correct ' +
					`${notFound ? 'region (an app belongs to one region) and client id' : 'client id and client secret'}, ` +
					'as the App Center shows them, and save. The log-in stays if it was made with this ' +
					`${notFound ? 'region and client id' : 'client id'}; else press Connect. Nothing is sent with ` +
					'what was refused again until it changes.',
				...said(detail),
			},
		);
	},

	unavailable(about, detail, retryAt) {
		return new ConnectorError(
			'EXACT_TOKEN_ENDPOINT_UNAVAILABLE',
			chainSentence('The connection to Exact Online could not be renewed', about, detail),
			{
				repair:
					'The connection itself is intact. Run again ' +
					`${retryAt === null ? 'in a minute' : `after ${timeOf(retryAt)}`}.`,
				retryable: true,
				...(retryAt === null ? {} : { retryAt }),
			},
		);
	},

	inDoubt(about, retryAt, detail) {
		return retryAt === null
			? new ConnectorError(
					'EXACT_TOKEN_IN_DOUBT',
					chainSentence(
						'The connection to Exact Online could not be renewed in time. No token request was answered for so ' +
							'long that the refresh token has lapsed; nothing more is sent by itself',
						about,
						detail,
					),
					{
						repair:
							'When Exact Online answers again, run Authorization > Refresh Now once. If that fails ' +
							'too, open the credential and press Connect.',
						...said(detail),
					},
				)
			: new ConnectorError(
					'EXACT_TOKEN_IN_DOUBT',
					chainSentence(
						'It is not known yet whether the connection to Exact Online was renewed. The answer to a token ' +
							'request was lost, or does not tell whether Exact Online has issued new tokens',
						about,
						detail,
					),
					{
						repair:
							'It is asked for once more as soon as Exact Online allows it. Run again after ' +
							`${timeOf(retryAt)}. If this stays so for hours, open the credential and press Connect.`,
						retryable: true,
						retryAt,
						...said(detail),
					},
				);
	},

	overtaken(about) {
		return new ConnectorError(
			'EXACT_LOG_IN_OVERTAKEN',
			chainSentence(
				'Another log-in of this Exact user with this app has ended the one in this credential. Exact Online ' +
					'had not accepted a refresh of that before',
				about,
				null,
			),
			{ repair: `${LOGIN_AGAIN} ${OWN_APP}` },
		);
	},

	mixedLogIn(about) {
		return new ConnectorError(
			MIXED_LOG_IN,
			chainSentence(
				'The log-in in the credential is of two Exact users. Its access token and its refresh token do not belong together',
				about,
				null,
			),
			{ repair: LOGIN_AGAIN },
		);
	},

	refusedToken(about) {
		return new ConnectorError(
			'EXACT_UNAUTHORIZED',
			chainSentence(
				'Exact Online no longer accepts this log-in, although it has not expired',
				about,
				null,
			),
			{
				repair:
					'Check at Exact Online that the user is active, that the app is still authorized for ' +
					'it (My Exact Online > Security center) and that its consent covers the division; ' +
					'then open the credential and press Connect.',
				listRepair:
					'See that the user is active at Exact Online and the app authorized for it; then open the credential and ' +
					'press Connect.',
				httpStatus: 401,
			},
		);
	},

	forgotten(about, at) {
		const when = at === null ? '' : ` on ${timeOf(at)}`;
		return new ConnectorError(
			'EXACT_FORGOTTEN',
			chainSentence(`This log-in was ended by Forget${when}`, about, null),
			{ repair: 'Open the credential and press Connect to begin anew.' },
		);
	},

	unproved(about) {
		return new ConnectorError(
			'EXACT_UNPROVED',
			chainSentence(
				'This needs a log-in and a client secret that Exact Online has accepted for this connection, and ' +
					"it has not yet accepted this credential's",
				about,
				null,
			),
			{
				repair:
					'Correct the client secret in the credential and run any other operation after the next ' +
					'refresh; then run this one again. Or use the credential that is in use.',
				listRepair: 'Correct the client secret in the credential.',
			},
		);
	},

	duplicate(about, owner, keptUntil) {
		const instead = owner.elsewhere
			? 'an app registration or an Exact user of its own for this n8n'
			: 'that credential here';
		const kept =
			keptUntil === null
				? ''
				: ' The tokens of this log-in are kept for it; they lapse on ' +
					`${new Date(keptUntil).toISOString().slice(0, 10)} unless it runs before.`;
		return new ConnectorError(
			'EXACT_DUPLICATE_IDENTIFIER',
			`Exact Online allows one connection per app and user, and ${ownerText(owner)} has this one.`,
			{
				repair:
					`Use ${instead}, or set ` +
					underAdvanced('Duplicate Registration of this credential to Share or Take Over') +
					'. If that credential no longer exists, choose Take Over. The first credential goes on ' +
					`working.${kept} The connection is ${about.identifier} at ${about.host}${idText(owner)}.`,
				listRepair: `Use ${owner.elsewhere ? 'an app or an Exact user of its own' : 'that one'}, or set ${underAdvanced('Duplicate Registration')}.`,
			},
		);
	},
};

const MIXED_LOG_IN = 'EXACT_MIXED_LOG_IN';

const ENDED = 'The connection to Exact Online has ended';

const LOGIN_AGAIN = 'Open the credential and press Connect to log in again.';

const OWN_APP =
	'If this happens again, another program logs in with the same app and user: give each ' +
	'its own app registration or its own Exact user.';

/** Nothing here can see the tokens of a credential that has never run. */
const RUN_THE_OTHER =
	'If another credential was connected for this app and user and has not run since, run it once: ' +
	'this one then goes on by itself, unless it was never refreshed before that log-in.';

/** The same in a list. */
const IN_A_LIST =
	'Run the credential that was connected last for this app and user; if there is none, open this one and press Connect.';

/** What is said where a chain is lost. */
interface Loss {
	cause: string;
	repair: string;
	listRepair?: string;
}

/** The log of attempts knows the cause: no other program need have a part in it. */
function ownAnswerLost(at: number): Loss {
	return {
		cause:
			`${ENDED}. Exact Online calls the refresh token old, because it issued the next one in an answer that ` +
			`never arrived here (token request of ${timeOf(at)})`,
		repair: LOGIN_AGAIN,
	};
}

const LOST: Record<string, Loss> = {
	EXACT_OLD_REFRESH_TOKEN: {
		cause:
			`${ENDED}. Exact Online says that the refresh token was already used, so that another credential was ` +
			'connected for the same app and user, another program has refreshed or logged in with ' +
			'them, or the vault was restored from an old copy',
		repair: `${RUN_THE_OTHER} Else: ${LOGIN_AGAIN} ${OWN_APP}`,
		listRepair: IN_A_LIST,
	},
	EXACT_CHAIN_BROKEN: {
		cause: `${ENDED}. Exact Online says that the refresh token belongs to a broken chain of authorizations`,
		repair: `${RUN_THE_OTHER} Else: ${LOGIN_AGAIN} ${OWN_APP}`,
		listRepair: IN_A_LIST,
	},
	EXACT_REFRESH_TOKEN_EXPIRED: {
		cause: `${ENDED}. It was not used for 30 days, and Exact Online let the refresh token expire`,
		repair:
			`${LOGIN_AGAIN} Schedule Authorization > Keep Alive (weekly, for instance) to keep an ` +
			'idle connection alive.',
	},
	EXACT_REFRESH_TOKEN_REFUSED: {
		cause: `${ENDED}. Exact Online refused the refresh token`,
		repair: `${RUN_THE_OTHER} Else: ${LOGIN_AGAIN} ${OWN_APP}`,
		listRepair: IN_A_LIST,
	},
};

function ownerText(owner: DuplicateOwner): string {
	if (owner.elsewhere) return 'another n8n instance';
	if (owner.credentialId === null) return 'another credential of this n8n';
	return `the credential "${owner.credentialName ?? 'unnamed'}"`;
}

function idText({ elsewhere, credentialId }: DuplicateOwner): string {
	return elsewhere || credentialId === null ? '' : `, the credential's id ${credentialId}`;
}

function timeOf(at: number): string {
	return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
