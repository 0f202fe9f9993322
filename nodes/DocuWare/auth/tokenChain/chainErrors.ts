import { said } from '../../../shared/errorText';
import { ConnectorError } from '../../../shared/errors';
import { chainSentence } from '../../../shared/tokenChain/chainSentence';
import type { ChainErrors } from '../../../shared/tokenChain/types';
import { clientRefused } from '../../platform/docuWareErrors';

const MIXED_LOG_IN = 'DOCUWARE_MIXED_LOG_IN';

const ENDED = 'The connection to DocuWare has ended';

const LOGIN_AGAIN = 'Open the credential and press Connect to log in again.';

/** DocuWare's words for what can go wrong with a token chain; every code is in docs/errors.md. */
export const docuWareChainErrors: ChainErrors = {
	chainLost(about, code, detail, answerLostAt) {
		if (code === MIXED_LOG_IN) return docuWareChainErrors.mixedLogIn(about);
		return new ConnectorError(
			code || 'DOCUWARE_REFRESH_TOKEN_REFUSED',
			chainSentence(
				answerLostAt === null
					? `${ENDED}. Its Identity Service refused the refresh token, which was not used for too ` +
							'long, is past its absolute life, was revoked, or was spent by somebody else'
					: `${ENDED}. Its Identity Service refused the refresh token, because it issued the next ` +
							'one in an answer that never arrived here (token request of ' +
							`${new Date(answerLostAt).toISOString()})`,
				about,
				detail,
			),
			{ repair: LOGIN_AGAIN, ...said(detail) },
		);
	},

	unknownAuthorization(about, detail) {
		return new ConnectorError(
			'DOCUWARE_VAULT_MISSING_OR_RESTORED',
			chainSentence(
				`${ENDED}. The vault does not know this authorization, and the Identity Service refuses it, so that ` +
					'the vault is missing or was restored from an old copy, or the authorization has expired',
				about,
				detail,
			),
			{
				repair:
					`${LOGIN_AGAIN} Keep the vault (n8n's user folder or database) on storage that lasts ` +
					'and in the backup.',
				...said(detail),
			},
		);
	},

	configuration(about, _code, detail) {
		return clientRefused(`${about.identifier} at ${about.host}`, detail);
	},

	unavailable(about, detail, retryAt) {
		return new ConnectorError(
			'DOCUWARE_TOKEN_ENDPOINT_UNAVAILABLE',
			chainSentence('The connection to DocuWare could not be renewed', about, detail),
			{
				repair:
					'The connection itself is intact. Run again ' +
					`${retryAt === null ? 'in a minute' : `after ${new Date(retryAt).toISOString()}`}.`,
				retryable: true,
				...(retryAt === null ? {} : { retryAt }),
			},
		);
	},

	inDoubt(about, retryAt, detail) {
		const cause =
			'It is not known yet whether the connection to DocuWare was renewed. The answer to a token request was ' +
			'lost, or does not tell whether the Identity Service has issued new tokens';
		return new ConnectorError('DOCUWARE_TOKEN_IN_DOUBT', chainSentence(cause, about, detail), {
			...(retryAt === null
				? { repair: LOGIN_AGAIN }
				: {
						repair:
							`It is asked for once more. Run again after ${new Date(retryAt).toISOString()}. ` +
							'If this stays so for hours, open the credential and press Connect.',
						retryable: true,
						retryAt,
					}),
			...said(detail),
		});
	},

	overtaken(about) {
		return new ConnectorError(
			'DOCUWARE_LOG_IN_OVERTAKEN',
			chainSentence(
				'Another log-in of this user has taken the place of the one in this credential. The Identity Service ' +
					'has never accepted a token of this one, and its tokens are not kept any more',
				about,
				null,
			),
			{ repair: LOGIN_AGAIN },
		);
	},

	mixedLogIn(about) {
		return new ConnectorError(
			MIXED_LOG_IN,
			chainSentence(
				'The log-in in the credential is of two DocuWare users. Its access token and its refresh token do not belong together',
				about,
				null,
			),
			{ repair: LOGIN_AGAIN },
		);
	},

	refusedToken(about) {
		return new ConnectorError(
			'DOCUWARE_UNAUTHORIZED',
			chainSentence(
				'DocuWare no longer accepts this log-in, although it has not expired',
				about,
				null,
			),
			{
				repair:
					'Check in DocuWare that the user is active and that the app registration has the ' +
					`scope docuware.platform. ${LOGIN_AGAIN}`,
				httpStatus: 401,
			},
		);
	},

	forgotten(about, at) {
		const when = at === null ? '' : ` on ${new Date(at).toISOString()}`;
		return new ConnectorError(
			'DOCUWARE_FORGOTTEN',
			chainSentence(`This log-in was ended by Forget${when}`, about, null),
			{ repair: 'Open the credential and press Connect to begin anew.' },
		);
	},

	unproved(about) {
		return new ConnectorError(
			'DOCUWARE_UNPROVED',
			chainSentence(
				'This needs a log-in and a client secret that the Identity Service has accepted for this connection, ' +
					"and it has not yet accepted this credential's",
				about,
				null,
			),
			{
				repair:
					'Correct the client secret in the credential and run any other operation; then run this one again.',
				listRepair: 'Correct the client secret in the credential.',
			},
		);
	},

	duplicate(about) {
		return new ConnectorError(
			'DOCUWARE_CREDENTIAL_INVALID',
			chainSentence('This log-in belongs to another credential', about, null),
			{ repair: LOGIN_AGAIN },
		);
	},
};
