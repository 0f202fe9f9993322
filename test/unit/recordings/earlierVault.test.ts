import { existsSync } from 'node:fs';

import { resetProcess } from '../../integration/DocuWare/support/resetProcess';
import { presentFields } from '../../support/exactStandIn';
import { openAsRecorded } from '../../support/recordings/storedFormat';
import type { CredentialFields, RestoredVault } from './support/restoredVault';
import { hookToken, openRestoredVault, restoreSpill, session } from './support/restoredVault';

/**
 * Vaults of the recorded version go on in this one. The services they talk to are gone: whatever is
 * asked for has to come out of the vault, and a request that is sent fails.
 */

let vault: RestoredVault<unknown>;

async function opened<Recording>(name: string): Promise<RestoredVault<Recording>> {
	const restored = await openRestoredVault<Recording>(name);
	vault = restored;
	return restored;
}

afterEach(async () => {
	// An event is no attempt: one of them has a secret shown.
	const attempts = vault.raw.rows('attempt').filter(({ outcome }) => outcome !== 'noted');
	const unchanged = attempts.length === vault.recording.rows.attempt.length;
	await resetProcess();
	await vault.close();
	// No attempt was begun: the vault has found what it needed.
	expect(unchanged).toBe(true);
});

describe('a vault with connections to Exact Online', () => {
	const TYPE = 'exactOnlineOAuth2Api';

	interface Recorded {
		connections: Record<'shared' | 'wrongSecret' | 'lost', CredentialFields>;
	}

	const APP = '6f1d4c1e-1f0a-4c55-9d0e-2f3a5b7c9d02';
	const USER = '0b7c3a52-7d1e-4f6b-8a90-c1d2e3f40501';

	it('hands out the token of a connection that was refreshed since Connect', async () => {
		const { recording, secretOf } = await opened<Recorded>('exactOnline.vault');
		const { accessToken } = secretOf(`${APP}#${USER}`) as { accessToken: string };
		expect(await hookToken(TYPE, presentFields(recording.connections.shared))).toBe(accessToken);
	});

	it.each([
		['wrongSecret', 'EXACT_INVALID_CLIENT'],
		['lost', 'EXACT_OLD_REFRESH_TOKEN'],
	] as const)('still knows what is wrong with the connection %s', async (name, code) => {
		const { recording } = await opened<Recorded>('exactOnline.vault');
		await expect(hookToken(TYPE, presentFields(recording.connections[name]))).rejects.toThrow(
			`[${code}]`,
		);
	});

	it('saves a token that the recorded version had to leave in a file', async () => {
		const restored = await opened<{
			fields: CredentialFields;
			spill: { name: string; content: string };
		}>('spill');
		const file = restoreSpill(restored);
		const { save } = JSON.parse(restored.recording.spill.content) as {
			save: { recordId: string; spentGeneration: number; sealed: string };
		};
		const generation = save.spentGeneration + 1;
		const subject = `${save.recordId}:${generation}`;
		const spilled = openAsRecorded(restored.recording.key, save.sealed, subject);
		const { accessToken } = JSON.parse(spilled) as { accessToken: string };
		expect(await hookToken(TYPE, presentFields(restored.recording.fields))).toBe(accessToken);
		expect(existsSync(file)).toBe(false);
		const stored = restored.raw.rows('record').find(({ id }) => id === save.recordId);
		expect(stored).toMatchObject({ generation, state: 'active' });
	});
});

describe('a vault with sessions at DocuWare', () => {
	interface Recorded {
		connections: Record<'password' | 'token', CredentialFields>;
		sessionReference: string;
	}

	const PASSWORD = { authentication: 'userPassword' };

	it('uses the session that is open, with its cookies', async () => {
		const { recording, secretOf } = await opened<Recorded>('docuWare.vault');
		const found = await session('logOn', 'docuWareApi', recording.connections.password, {
			...PASSWORD,
			includeSecret: true,
		});
		const { cookies } = (secretOf('/platform||api') as { session: { cookies: string } }).session;
		const jar = JSON.parse(cookies) as { cookies: Array<{ key: string; value: string }> };
		const header = jar.cookies.map(({ key, value }) => `${key}=${value}`).join('; ');
		expect(found).toMatchObject({ state: 'open', openedBy: 'password', cookie: header });
		const [, recordId] = recording.sessionReference.split('.');
		expect(found.sessionReference).toMatch(new RegExp(`^dws2\\.${recordId}\\.`));
	});

	it('takes a session reference that a workflow holds', async () => {
		const { recording } = await opened<Recorded>('docuWare.vault');
		const { sessionReference } = recording;
		const found = await session('getStatus', 'docuWareApi', recording.connections.password, {
			...PASSWORD,
			...{ sessionSource: 'reference', sessionReference },
		});
		expect(found).toMatchObject({ state: 'open', openedBy: 'password' });
		const other = sessionReference.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
		const refused = session('getStatus', 'docuWareApi', recording.connections.password, {
			...PASSWORD,
			...{ sessionSource: 'reference', sessionReference: other },
		});
		await expect(refused).rejects.toThrow('[DOCUWARE_SESSION_UNKNOWN]');
	});

	it('finds the session of a login token', async () => {
		const { recording } = await opened<Recorded>('docuWare.vault');
		const found = await session('logOn', 'docuWareTokenApi', recording.connections.token, {
			authentication: 'loginToken',
		});
		expect(found).toMatchObject({ state: 'open', openedBy: 'loginToken', generation: 1 });
	});

	it('hands out the tokens of app registrations', async () => {
		const { recording, secretOf, recorded } = await opened<{
			connections: Record<'authorization' | 'app', CredentialFields>;
		}>('docuWareOAuth2.vault');
		const { authorization, app } = recording.connections;
		const user = '5b1d0c6e-7a83-4b7f-9e0a-0d6a3c1f1a01';
		const chain = secretOf(`#${user}`) as { accessToken: string };
		expect(await hookToken('docuWareOAuth2Api', authorization)).toBe(chain.accessToken);
		const { identity } = recorded(`|${String(app.clientId)}`);
		const own = secretOf(identity) as { session: { accessToken: string } };
		expect(await hookToken('docuWareOAuth2Api', app)).toBe(own.session.accessToken);
	});
});
