import type { ConnectorError } from '../../../../shared/errors';
import { storeNow } from '../../../../shared/vault/database/transaction';
import type { Vault } from '../../../../shared/vault/vault';
import { appRegistrationRequired, clientRefused } from '../../../platform/docuWareErrors';
import {
	logOnFailed,
	logOnRefused,
	noCookies,
	organizationUnknown,
	tokenRefused,
	withTimes,
	wrongPassword,
} from '../../../platform/logOnErrors';
import type { SessionAccount } from '../../account/sessionAccount';
import type { KnownRefusal, LogOnRefusal, RefusedLogIn } from '../../record/logOnRefusals';
import {
	forgetRefusals,
	knownRefusal,
	nextTryAt,
	noteRefusal,
	refusalLocks,
	standingRefusal,
} from '../../record/logOnRefusals';
import type { LogOnAnswer } from '../../wire/logOnAnswers';
import { grantByPassword } from '../../wire/logOnRequests';
import type { OpeningAttempt, OpeningRequest } from './openingTypes';
import { namesWhereOrganizationIsWrong } from './wrongOrganization';

/** Refusals for a cause that may pass after which it is taken for lasting: some twenty minutes. */
const MANY_TIMES = 3;

/**
 * What is remembered of refused log-ons with one secret: in between nothing is sent in any process, however
 * many wait, and however they spell the organization. Asked and changed under the lease of the log-in data alone.
 */
export class RefusedLogOn {
	/** The Identity Service has taken the password of this opening. */
	private isConfirmed = false;

	constructor(
		private readonly vault: Vault,
		private readonly account: SessionAccount,
		private readonly request: OpeningRequest,
		private readonly logIn: RefusedLogIn,
	) {}

	/**
	 * @param isProved whether the secret has begun the last session of this record
	 * @throws ConnectorError where a refusal that is remembered forbids a log-on now
	 */
	async throwIfStanding(isProved: boolean): Promise<void> {
		const question = { ...this.logIn, byPerson: this.byPerson, isProved };
		const standing = await this.vault.read(() => standingRefusal(question));
		if (standing !== undefined) throw await this.errorOf(standing, standing.at);
	}

	/**
	 * A 401 does not say whether the password or the organization is wrong. Where a person has a refused
	 * password tried again, the Identity Service is asked about it first: it does not ask for an organization,
	 * and what it refuses is not sent to the log-on too. Each refused password is one more on the way to a lock.
	 * @throws ConnectorError where it refuses the password
	 */
	async confirmPassword(attempt: OpeningAttempt): Promise<void> {
		const { account } = this;
		const service = attempt.facts?.identityService;
		const mayTell = account.kind === 'password' && account.organization !== '';
		if (!mayTell || attempt.means.kind !== 'password' || !service) return;
		if (attempt.way.wayIn !== 'cookie' || !this.byPerson || this.isConfirmed) return;
		if ((await this.known()) === undefined) return;
		const asked = await grantByPassword(account, service).catch(() => undefined);
		if (asked?.answer.kind === 'refused' && !asked.answer.isVague) {
			throw await this.after(attempt, asked.answer, true);
		}
		this.isConfirmed = asked?.answer.kind === 'opened';
		// Another spelling of the organization may be tried at once.
		if (this.isConfirmed) await this.forget();
	}

	/**
	 * Remembers a refusal.
	 * @param isAsked the Identity Service was asked already, and has refused
	 * @returns the error for it
	 */
	async after(
		attempt: OpeningAttempt,
		answer: Extract<LogOnAnswer, { kind: 'refused' }>,
		isAsked = false,
	): Promise<ConnectorError> {
		const { cause, detail } = answer;
		const names = isAsked ? undefined : await this.namesFor(attempt, answer);
		if (names !== undefined) {
			const organizations = { organizations: names };
			return await this.remember(
				'DOCUWARE_ORGANIZATION_UNKNOWN',
				'logInData',
				detail,
				organizations,
			);
		}
		if (answer.isVague) {
			return await this.remember('DOCUWARE_LOGON_REFUSED', cause, detail, identityOf(attempt));
		}
		if (cause === 'other') return await this.remember('DOCUWARE_LOGON_REFUSED', cause, detail);
		if (attempt.means.kind === 'sourceToken') {
			return await this.remember('DOCUWARE_TOKEN_REFUSED', cause, detail);
		}
		return this.isConfirmed && !isAsked
			? await this.remember('DOCUWARE_ORGANIZATION_UNKNOWN', 'logInData', detail)
			: await this.remember('DOCUWARE_WRONG_PASSWORD', cause, detail);
	}

	/** What a server with several organizations tells where the refusal may be about one; asked at the first alone. */
	private async namesFor(
		{ means, way }: OpeningAttempt,
		answer: Extract<LogOnAnswer, { kind: 'refused' }>,
	): Promise<string[] | undefined> {
		const { account } = this;
		const mayBe =
			account.kind === 'password' && means.kind === 'password' && way.wayIn === 'cookie';
		if (!mayBe || (await this.known()) !== undefined) return undefined;
		return await namesWhereOrganizationIsWrong(account, answer);
	}

	/** The Identity Service does not let the client in: an app's own secret, or this package's. */
	async client(answer: Extract<LogOnAnswer, { kind: 'client' }>): Promise<ConnectorError> {
		const { cause, detail } = answer;
		// Of the log-in data it has said nothing.
		return this.account.kind === 'clientCredentials'
			? await this.remember('DOCUWARE_CLIENT_REFUSED', cause, detail)
			: await this.remember('DOCUWARE_APP_REGISTRATION_REQUIRED', 'other', detail);
	}

	/** Success that opened nothing: the page of a proxy, or cookies that one took away. */
	async openedNothing(
		attempt: OpeningAttempt,
		{ kind, detail }: Extract<LogOnAnswer, { kind: 'noCookies' | 'noToken' }>,
	): Promise<ConnectorError> {
		const code = kind === 'noCookies' ? 'DOCUWARE_NO_COOKIES' : 'DOCUWARE_LOGON_FAILED';
		return await this.remember(code, 'other', detail, identityOf(attempt));
	}

	/** No log-on gets through: whoever answered, a filter by IP address for one, would only be asked again and again. */
	async shut(
		attempt: OpeningAttempt,
		{ status, detail }: Extract<LogOnAnswer, { kind: 'failed' }>,
	): Promise<ConnectorError> {
		const facts = { status, ...identityOf(attempt) };
		return await this.remember('DOCUWARE_LOGON_FAILED', 'other', detail, facts);
	}

	/** Whether it was refused so often that a passing cause is unlikely. */
	async isLasting(): Promise<boolean> {
		return ((await this.known())?.times ?? 0) >= MANY_TIMES;
	}

	/** The service has taken the secret. */
	async forget(): Promise<void> {
		const lock = refusalLocks(this.logIn);
		await this.vault.write(() => forgetRefusals(this.logIn), { lock });
	}

	/** The test of a credential, or *Force*. */
	private get byPerson(): boolean {
		return this.request.forcedFrom !== undefined || this.request.ignoreRefusal === true;
	}

	private async known(): Promise<KnownRefusal | undefined> {
		return await this.vault.read(() => knownRefusal(this.logIn));
	}

	private async remember(
		code: string,
		cause: LogOnRefusal['cause'],
		detail: string,
		more: Pick<LogOnRefusal, 'organizations' | 'identityUrl' | 'status'> = {},
	): Promise<ConnectorError> {
		const refusal = { code, cause, detail: detail || null, ...more };
		const rows = () => noteRefusal(this.logIn, refusal, this.byPerson);
		const known = await this.vault.write(rows, { lock: refusalLocks(this.logIn) });
		return await this.errorOf(known, null);
	}

	/** @param saidAt store clock; null: just now */
	private async errorOf(refusal: KnownRefusal, saidAt: number | null): Promise<ConnectorError> {
		const ahead = Date.now() - (await this.vault.read(storeNow));
		const onWallClock = (time: number | null) => time && Math.round(time + ahead);
		const times = {
			saidAt: onWallClock(saidAt),
			nextAt: onWallClock(nextTryAt(refusal, this.logIn)),
		};
		return withTimes(this.plainError(refusal), times);
	}

	private plainError(refusal: KnownRefusal): ConnectorError {
		const { code, cause, detail, organizations, identityUrl, status = 200 } = refusal;
		const { account } = this;
		const organization = account.kind === 'password' ? account.organization : undefined;
		switch (code) {
			case 'DOCUWARE_TOKEN_REFUSED':
				return tokenRefused(account.label, detail);
			case 'DOCUWARE_CLIENT_REFUSED':
				return clientRefused(account.label, detail);
			case 'DOCUWARE_LOGON_REFUSED':
				return logOnRefused(account.label, detail, identityUrl);
			case 'DOCUWARE_LOGON_FAILED':
				return logOnFailed(account.label, status, detail ?? '', identityUrl);
			case 'DOCUWARE_NO_COOKIES':
				return noCookies(account.label, detail ?? '');
			case 'DOCUWARE_APP_REGISTRATION_REQUIRED':
				return appRegistrationRequired(account.address.baseUrl, detail ?? '');
			case 'DOCUWARE_ORGANIZATION_UNKNOWN':
				return organizationUnknown(account.label, organization ?? '', detail, organizations ?? []);
			default:
				return wrongPassword(account.label, {
					detail,
					isSaid: cause === 'logInData',
					organization: organization ?? '',
				});
		}
	}
}

/** The Identity Service that a log-on went to. */
function identityOf({ way }: OpeningAttempt): Pick<LogOnRefusal, 'identityUrl'> {
	return way.wayIn === 'identityService' ? { identityUrl: way.service.url } : {};
}
