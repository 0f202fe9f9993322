import type { SessionAccount } from '../../../../../nodes/DocuWare/auth/account/sessionAccount';
import { vaultSource } from '../../../../../nodes/DocuWare/auth/session/vaultSource';
import type { RequestCredential } from '../../../../../nodes/DocuWare/auth/session/sessionSource';
import { SessionCookies } from '../../../../../nodes/DocuWare/auth/wire/sessionCookies';
import type { Vault } from '../../../../../nodes/shared/vault/vault';

const credential = { kind: 'cookie', cookies: SessionCookies.empty().serialize() } as const;

/** What keepers are asked for, and what each is given: see `answers`. */
const answers: Array<{ recordId: string; generation: number; isNew?: boolean }> = [];

jest.mock('../../../../../nodes/DocuWare/auth/lifecycle/sessionKeeper', () => {
	const keeperAt = (recordId: string): object => ({
		vault: { sealer: {} },
		account: {},
		recordId,
		at: keeperAt,
		release: async () => await Promise.resolve(),
		obtain: async () =>
			await Promise.resolve({ validUntil: Infinity, credential, ...answers.shift() }),
	});
	return { SessionKeeper: { create: async () => await Promise.resolve(keeperAt('first')) } };
});

jest.mock('../../../../../nodes/DocuWare/auth/record/sessionUses', () => ({
	openUse: () => ({ inFlight: 0 }),
}));

async function replaced(...given: typeof answers) {
	answers.push(...given);
	const source = await vaultSource({} as Vault, {} as SessionAccount, 'an execution');
	const refused: RequestCredential = {
		generation: 7,
		validUntil: Infinity,
		credential,
		recordId: 'first',
	};
	return await source.replace(refused);
}

afterEach(() => {
	expect(answers.splice(0)).toEqual([]);
});

// Red before: a session of another record never counted as new, so that one request cost two log-ons.
describe('a session that comes in place of a refused one, where the account belongs to another record by now', () => {
	const elsewhere = { recordId: 'other', generation: 7 };

	it('is new where it was begun for this request', async () => {
		const next = await replaced({ ...elsewhere, isNew: true }, elsewhere);
		expect(next).toMatchObject({ recordId: 'other', generation: 7, isNew: true });
	});

	it('is new where the one of that record was begun anew', async () => {
		const next = await replaced(elsewhere, { ...elsewhere, generation: 8, isNew: true });
		expect(next).toMatchObject({ recordId: 'other', generation: 8, isNew: true });
	});

	it('is not new where it stood there', async () => {
		expect(await replaced(elsewhere, elsewhere)).toMatchObject({ isNew: false });
	});

	it('is not new where somebody else has begun another one since', async () => {
		const next = await replaced({ ...elsewhere, isNew: true }, { ...elsewhere, generation: 8 });
		expect(next).toMatchObject({ generation: 8, isNew: false });
	});
});
