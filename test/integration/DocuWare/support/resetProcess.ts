import { closeVaults } from '../../../../nodes/shared/vault/place/openVault';

const STATE = Symbol.for('n8n-nodes-exactonline-docuware');

interface OpenState {
	docuWareIdle2?: { watches: Map<string, { timer?: NodeJS.Timeout; look?: Promise<void> }> };
	docuWareUses1?: { heartbeat?: NodeJS.Timeout };
}

/** Forgets everything that the package keeps per process but its name, as a restart does. */
export async function resetProcess(): Promise<void> {
	const holder = globalThis as { [STATE]?: Record<string, unknown> & OpenState };
	const state = holder[STATE] ?? {};
	const watches = [...(state.docuWareIdle2?.watches.values() ?? [])];
	for (const watch of watches) clearTimeout(watch.timer);
	await Promise.all(watches.map(async (watch) => await watch.look));
	for (const watch of watches) clearTimeout(watch.timer);
	clearInterval(state.docuWareUses1?.heartbeat);
	await closeVaults();
	for (const key of Object.keys(state)) {
		if (key.startsWith('docuWare') || key.startsWith('tokenChain')) delete state[key];
	}
}
