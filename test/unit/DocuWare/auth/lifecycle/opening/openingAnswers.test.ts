import { dropStoredToken } from '../../../../../../nodes/DocuWare/auth/lifecycle/opening/logOnConclusion';
import { OpeningAnswers } from '../../../../../../nodes/DocuWare/auth/lifecycle/opening/openingAnswers';
import type { OpeningAttempt } from '../../../../../../nodes/DocuWare/auth/lifecycle/opening/openingTypes';
import { RefusedLogOn } from '../../../../../../nodes/DocuWare/auth/lifecycle/opening/refusedLogOn';
import type { SessionAccount } from '../../../../../../nodes/DocuWare/auth/account/sessionAccount';
import { knownRefusal } from '../../../../../../nodes/DocuWare/auth/record/logOnRefusals';
import type { LogOnAnswer } from '../../../../../../nodes/DocuWare/auth/wire/logOnAnswers';
import { grantByPassword } from '../../../../../../nodes/DocuWare/auth/wire/logOnRequests';
import { organizationNames } from '../../../../../../nodes/DocuWare/auth/wire/organizationNames';
import type { Vault } from '../../../../../../nodes/shared/vault/vault';

jest.mock('../../../../../../nodes/DocuWare/auth/wire/logOnRequests');
jest.mock('../../../../../../nodes/DocuWare/auth/wire/organizationNames');
jest.mock('../../../../../../nodes/DocuWare/auth/record/logOnRefusals');
jest.mock('../../../../../../nodes/DocuWare/auth/lifecycle/opening/logOnConclusion');

const ACCOUNT = { kind: 'password', organization: 'Peters', label: 'api' } as SessionAccount;

/** A store whose reads and writes are what the mocked rows return. */
const vault = {
	read: async (rows: () => unknown) => await Promise.resolve(rows()),
	write: async (rows: () => unknown) => await Promise.resolve(rows()),
	writeAt: async (_recordId: string, rows: () => unknown) => await Promise.resolve(rows()),
} as unknown as Vault;

const attempt = (kind: 'password' | 'storedToken', state: 'none' | 'open' = 'none') =>
	({
		means: { kind },
		view: { meta: { state, proof: 'of another password' } },
		facts: { identityService: {} },
		way: { wayIn: 'cookie' },
	}) as unknown as OpeningAttempt;

const refusal = (cause: 'noReason' | 'other') => ({ kind: 'refused', cause, detail: '' }) as const;

/** What the Identity Service says to the password. */
function serviceSays(answer: LogOnAnswer): void {
	jest.mocked(grantByPassword).mockResolvedValue({ answer, requestedAt: 0, receivedAt: 0 });
}

beforeEach(() => {
	jest.clearAllMocks();
	jest.mocked(organizationNames).mockResolvedValue([]);
	serviceSays({ kind: 'refused', cause: 'logInData', detail: 'wrong' });
});

async function failureAfter(
	to: OpeningAttempt,
	answer: LogOnAnswer,
	times: number,
	account: SessionAccount = ACCOUNT,
) {
	const known = times === 0 ? undefined : { code: 'X', detail: null, cause: 'other', times };
	jest.mocked(knownRefusal).mockReturnValue(known as never);
	const refused = new RefusedLogOn(vault, account, {}, { logIn: 'log-in', proof: 'proof' });
	const error = new Error('refused');
	const ofRefused = refused as unknown as { remember(): Promise<Error> };
	jest.spyOn(ofRefused, 'remember').mockResolvedValue(error);
	const answers = new OpeningAnswers(vault, account, 'record', {}, 'proof', refused);
	const result = {
		kind: 'ended',
		answer: { answer, requestedAt: 0, receivedAt: 0 },
		stoodStillMs: 0,
	} as const;
	await expect(answers.handle(to, result)).rejects.toBe(error);
}

describe('a refused log-on', () => {
	it.each([
		[1, 0],
		[2, 0],
		[3, 1],
	])(
		'with a login token, for unknown words, drops it after so many times: %i (%i)',
		async (times, drops) => {
			await failureAfter(attempt('storedToken'), refusal('other'), times);
			expect(dropStoredToken).toHaveBeenCalledTimes(drops);
		},
	);

	it.each([
		['Single', 0],
		['Multi', 1],
	])(
		'with a login token drops it only where the one of the credential may go out again: %s (%i)',
		async (usage, drops) => {
			const account = { kind: 'loginToken', usage, label: 'token' } as SessionAccount;
			await failureAfter(attempt('storedToken'), refusal('other'), 3, account);
			expect(dropStoredToken).toHaveBeenCalledTimes(drops);
		},
	);

	it('with a password never drops the token', async () => {
		await failureAfter(attempt('password'), refusal('other'), 3);
		expect(dropStoredToken).not.toHaveBeenCalled();
	});

	it.each([0, 1])(
		'(after %i) sends the password to nobody else, to learn about the organization',
		async (times) => {
			await failureAfter(attempt('password'), refusal('noReason'), times);
			expect(grantByPassword).not.toHaveBeenCalled();
		},
	);

	it('by the Identity Service, while the licence is booked, is no reason to ask it again', async () => {
		await failureAfter(attempt('password', 'open'), { kind: 'noLicence', detail: '' }, 0);
		expect(grantByPassword).toHaveBeenCalledTimes(1);
	});
});
