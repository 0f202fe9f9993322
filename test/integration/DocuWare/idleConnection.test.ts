import { keepMark } from '../../../nodes/DocuWare/auth/record/sessionUses';
import { proofOf } from '../../../nodes/DocuWare/auth/account/sessionAccount';
import { readPasswordAccount } from '../../../nodes/DocuWare/auth/account/credentialData';
import { watchIdleSession } from '../../../nodes/DocuWare/auth/lifecycle/idleLogOff';
import { findSessionRecord } from '../../../nodes/DocuWare/auth/record/sessionRecord';
import { openVault } from '../../../nodes/shared/vault/place/openVault';
import { DocuWareSimulator, selfSignedCertificate } from '../../simulators/DocuWare';
import { passwordRun } from './support/credentials';
import { sessionFor } from './support/fakeNode';
import { until } from '../../support/until';
import { useDocuWare } from './support/useDocuWare';

const LOG_OFF_WHEN_IDLE = { sessionPolicy: 'logOffWhenIdle', idleSeconds: 0 } as const;

describe('a session that one credential can reach and another one of the same user cannot', () => {
	useDocuWare();
	let simulator: DocuWareSimulator;

	beforeEach(async () => {
		simulator = await DocuWareSimulator.start({ tls: selfSignedCertificate() });
	});
	afterEach(async () => await simulator.close());

	it('is logged off when idle by the one that can', async () => {
		const strict = readPasswordAccount(passwordRun(simulator, LOG_OFF_WHEN_IDLE).credential);
		const vault = await openVault();
		const recordId = await findSessionRecord(vault, strict);
		const proof = proofOf(vault, strict, recordId);
		// What a use that failed for the certificate leaves behind.
		const watched = { vault, connection: strict, recordId, proof, ownKeepMark: keepMark(null) };
		watchIdleSession(watched, 600_000);
		const changes = { ...LOG_OFF_WHEN_IDLE, ignoreSslIssues: true };
		const session = await sessionFor(passwordRun(simulator, changes));
		expect((await session.request({ method: 'GET', url: 'Organizations' })).status).toBe(200);
		await session.release();
		await until(() => simulator.counters.logOffs === 1);
		expect(simulator.counters.logOns).toEqual({ password: 1, token: 0 });
	});
});
