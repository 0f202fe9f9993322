import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';

import { readPasswordAccount } from '../../../nodes/DocuWare/auth/account/credentialData';
import { preAuthenticateOAuth2 } from '../../../nodes/DocuWare/auth/preAuthenticationHook';
import { sessionProofOf } from '../../../nodes/DocuWare/auth/wire/sessionProbe';
import type { ConnectorError } from '../../../nodes/shared/errors';
import { processState } from '../../../nodes/shared/process/processState';
import { openVault } from '../../../nodes/shared/vault/place/openVault';
import { vaultError } from '../../../nodes/shared/vault/vaultErrors';
import { connect } from './support/connect';
import type { FakeRun } from './support/fakeNode';
import { sessionFor } from './support/fakeNode';
import { issueLoginToken, passwordRun } from './support/credentials';
import { useDocuWare } from './support/useDocuWare';

const GET = { method: 'GET', url: 'Organizations' } as const;

describe('a vault that is locked by another process', () => {
	const bench = useDocuWare();

	it('does not stop those who have the session in memory', async () => {
		const simulator = await bench.simulator();
		const session = await sessionFor(passwordRun(simulator));
		await session.request(GET);
		const other = new DatabaseSync(join(bench.store.folder, 'vault.sqlite'));
		other.exec('BEGIN IMMEDIATE');
		try {
			const next = await sessionFor(passwordRun(simulator));
			expect((await next.request(GET)).status).toBe(200);
		} finally {
			other.exec('ROLLBACK');
			other.close();
		}
		expect(simulator.counters.logOns.password).toBe(1);
	});

	it('holds none of them up, request after request, not even at the end of a run', async () => {
		const simulator = await bench.simulator();
		const session = await sessionFor(passwordRun(simulator));
		await session.request(GET);
		const other = new DatabaseSync(join(bench.store.folder, 'vault.sqlite'));
		other.exec('BEGIN IMMEDIATE');
		try {
			// Each waits as long as the store is given to answer, were it waited for.
			for (let runs = 0; runs < 8; runs += 1) {
				const next = await sessionFor(passwordRun(simulator));
				expect((await next.request(GET)).status).toBe(200);
				await next.release();
			}
		} finally {
			other.exec('ROLLBACK');
			other.close();
		}
		expect(simulator.counters.logOns.password).toBe(1);
	}, 12_000);

	it('loses no session that was opened meanwhile', async () => {
		const simulator = await bench.simulator();
		const hold = simulator.holds.hold('platform.processed', {
			where: { tags: { route: 'Account/Logon' } },
		});
		const session = await sessionFor(passwordRun(simulator));
		const asked = session.request(GET);
		const held = await hold.waiting();
		const other = new DatabaseSync(join(bench.store.folder, 'vault.sqlite'));
		other.exec('BEGIN IMMEDIATE');
		held.release();
		await expect(asked).rejects.toMatchObject({ code: 'VAULT_SAVE_FAILED' });
		other.exec('ROLLBACK');
		other.close();
		expect((await session.request(GET)).status).toBe(200);
		expect(simulator.counters.logOns.password).toBe(1);
	});
});

describe('a vault that answers nothing', () => {
	const bench = useDocuWare();

	/** Does some work meanwhile. */
	async function inSilence(
		work: () => Promise<void>,
		methods: ReadonlyArray<'read' | 'write'> = ['read', 'write'],
	): Promise<void> {
		const { database } = await openVault();
		let end = () => {};
		const silence = new Promise<never>((_answer, fail) => {
			end = () => fail(vaultError('VAULT_UNAVAILABLE', 'no answer', 'Wait.', { retryable: true }));
		});
		silence.catch(() => undefined);
		const silent = methods.map((method) =>
			jest.spyOn(database, method).mockImplementation(async () => await silence),
		);
		try {
			await work();
		} finally {
			silent.forEach((method) => method.mockRestore());
			end();
		}
	}

	// Red before: whoever names a session by a reference waited for the store, however good the session was.
	it.each(['of the account', 'of a given login token'])(
		'holds up nobody who names a session in memory by a reference, %s',
		async (whose) => {
			const simulator = await bench.simulator({ concurrentLicences: 2 });
			const run = passwordRun(simulator);
			const first = await sessionFor(run);
			const isGiven = whose !== 'of the account';
			const token = isGiven ? { token: issueLoginToken(simulator) } : {};
			const named = isGiven ? await first.tokenLogOn(token) : first;
			await named.request(GET);
			const { sessionReference } = await named.status();
			const refer = async (changes = {}) =>
				await sessionFor(
					{ ...run, credential: { ...run.credential, ...changes } },
					{ sessionReference: sessionReference ?? '' },
				);
			await (await refer()).request(GET);
			const before = { ...simulator.counters.logOns };
			let foreign: Promise<string> | undefined;
			await inSilence(async () => {
				for (let runs = 0; runs < 4; runs += 1) {
					const next = await refer();
					expect((await next.request(GET)).status).toBe(200);
					await next.release();
				}
				foreign = refer({ password: 'another one' }).then(
					() => 'given',
					(error: unknown) => (error as ConnectorError).code,
				);
			});
			// Whoever has not shown it before is told nothing without the store's word.
			expect(await foreign).not.toBe('given');
			expect(simulator.counters.logOns).toEqual(before);
		},
	);

	/** A connection whose token the server has taken, without proving whether it takes others: no address is bound. */
	async function unboundRun(): Promise<FakeRun> {
		const simulator = await bench.simulator({
			version: '7.12',
			autoConsent: 'api',
			organizationsInPublic: false,
		});
		const run = await connect(simulator);
		simulator.faults.push({ kind: 'status', status: 503, where: { path: /\/Organizations$/ } });
		await pass(run);
		expect(simulator.faults.size).toBe(0);
		// Known from now on, so that what is silent is the store alone.
		const account = readPasswordAccount(passwordRun(simulator).credential);
		expect(await sessionProofOf(await openVault(), account)).toBe('Organizations');
		return run;
	}

	async function pass(run: FakeRun): Promise<void> {
		const answer = await (await sessionFor(run)).request({ method: 'GET', url: 'FileCabinets' });
		expect(answer.status).toBe(200);
	}

	/** The minute is over: what is paused may be done again. */
	function endPauses(name: string): void {
		const pauses = processState(name, () => new Map<string, number>());
		for (const key of pauses.keys()) pauses.set(key, 0);
	}

	// Red before: each request asked the store whether an address was bound meanwhile.
	it('holds up nobody whose token goes to an address that is not bound', async () => {
		const run = await unboundRun();
		await inSilence(async () => {
			await pass(run);
			endPauses('docuWareUnboundAddresses1');
			await pass(run);
			await pass(run);
		});
	}, 20_000);

	// Red before: the request and the hook waited until the address was in the vault.
	it.each(['a request', 'the hook'])(
		'holds %s not up to bind the address',
		async (who) => {
			const run = await unboundRun();
			const credential = { ...run.credential } as never;
			endPauses('docuWareAddressPauses1');
			await inSilence(async () => {
				for (let times = 0; times < 2; times += 1) {
					if (who === 'a request') await pass(run);
					else await preAuthenticateOAuth2(credential);
				}
			}, ['write']);
		},
		20_000,
	);
});
