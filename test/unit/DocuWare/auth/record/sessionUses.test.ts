import { openUse } from '../../../../../nodes/DocuWare/auth/record/sessionUses';
import { processState } from '../../../../../nodes/shared/process/processState';
import type { Vault } from '../../../../../nodes/shared/vault/vault';

it('forgets a use that nobody has marked or ended for a minute, and stops its heartbeat', async () => {
	jest.useFakeTimers();
	try {
		openUse({ vaultId: 'v' } as Vault, 'record', 'execution');
		const state = processState<{ uses: Map<string, unknown>; heartbeat?: unknown }>(
			'docuWareUses1',
			() => ({ uses: new Map() }),
		);
		await jest.advanceTimersByTimeAsync(50_000);
		expect(state.uses.size).toBe(1);
		await jest.advanceTimersByTimeAsync(30_000);
		expect(state.uses.size).toBe(0);
		expect(state.heartbeat).toBeUndefined();
	} finally {
		jest.useRealTimers();
	}
});
