import { createLimitMemory, remember } from '../../../../nodes/ExactOnline/api/limits/limitMemory';
import {
	createClientState,
	divisionCalls,
	keepDivisionList,
	MOST_REMEMBERED as MOST_CLIENT_STATE,
} from '../../../../nodes/ExactOnline/api/limits/clientState';
import { agentFor } from '../../../../nodes/shared/http/agents';
import { processState } from '../../../../nodes/shared/process/processState';
import { rememberVerdict } from '../../../../nodes/shared/tokenChain/authorizationMemory';
import type { TimedToken } from '../../../../nodes/shared/tokenChain/memory';
import {
	chainMemory,
	MOST_REMEMBERED,
	rememberedToken,
	rememberToken,
} from '../../../../nodes/shared/tokenChain/memory';
import type { Presentation } from '../../../../nodes/shared/tokenChain/presentation';
import { openPostgresPool } from '../../../../nodes/shared/vault/database/postgresPool';
import type { PostgresSettings } from '../../../../nodes/shared/vault/database/postgresSettings';
import type { Vault } from '../../../../nodes/shared/vault/vault';

const vault = { vaultId: 'v' } as Vault;

function tokenOf(recordId: string): Omit<TimedToken, 'validUntilWall'> {
	const times = { lifeMs: 600_000, requestedAt: 0, receivedAt: 0, ageUncertain: false };
	return { recordId, generation: 1, accessToken: `token of ${recordId}`, ...times };
}

it('tokens: the one that was renewed longest ago is forgotten first', () => {
	for (let number = 0; number < MOST_REMEMBERED; number += 1) {
		rememberToken(vault, tokenOf(`record ${number}`));
	}
	rememberToken(vault, tokenOf('record 0'));
	rememberToken(vault, tokenOf('one more'));
	expect(chainMemory().tokens.size).toBe(MOST_REMEMBERED);
	expect(rememberedToken(vault, 'record 0')).toBeDefined();
	expect(rememberedToken(vault, 'record 1')).toBeUndefined();
	chainMemory().tokens.clear();
});

it("authorizations: so does the guard's word on them", () => {
	const presentation = {
		record: { id: 'record', generation: 1, state: 'active' },
		verdict: { welcome: true, changed: false, recheckInMs: null },
		access: { from: 'record', proved: true },
	} as Presentation;
	for (let number = 0; number <= MOST_REMEMBERED; number += 1) {
		rememberVerdict(vault, `authorization ${number}`, presentation);
	}
	expect(chainMemory().authorizations.size).toBe(MOST_REMEMBERED);
	expect(chainMemory().authorizations.has('v|authorization 0')).toBe(false);
	chainMemory().authorizations.clear();
});

it('limits of Exact: divisions by their last request, endpoints with errors, lists of divisions', () => {
	const { errors } = createLimitMemory();
	const state = createClientState();
	const first = divisionCalls(state, 'division 0');
	for (let number = 1; number < MOST_CLIENT_STATE; number += 1) {
		divisionCalls(state, `division ${number}`);
	}
	expect(divisionCalls(state, 'division 0')).toBe(first);
	divisionCalls(state, 'one more');
	for (let number = 0; number <= MOST_CLIENT_STATE; number += 1) {
		remember(errors, `user ${number}`, {});
		keepDivisionList(state, `user ${number}`, 'hrm/Divisions');
	}
	expect(state.divisions.get('division 0')).toBe(first);
	expect(state.divisions.has('division 1')).toBe(false);
	const { divisions, divisionLists } = state;
	expect([divisions.size, errors.size, divisionLists.size]).toEqual([
		MOST_CLIENT_STATE,
		MOST_CLIENT_STATE,
		MOST_CLIENT_STATE,
	]);
});

it('connection pools: one that is used stays, whatever proxies the environment has named', () => {
	const target = new URL('http://service.example/');
	const direct = agentFor(target, undefined, false, 'pooled');
	for (let number = 0; number < 60; number += 1) {
		agentFor(target, new URL(`http://proxy-${number}.example`), false, 'pooled');
		expect(agentFor(target, undefined, false, 'pooled')).toBe(direct);
	}
	const { pairs } = processState<{ pairs: Map<string, unknown> }>('http1', () => ({
		pairs: new Map(),
	}));
	expect(pairs.size).toBe(50);
});

it('pools of PostgreSQL and turns at them: those of a database that is closed are gone', async () => {
	const settings = { host: '127.0.0.1', port: 1, tls: false, connectTimeoutMs: 100 };
	const opened = ['one', 'two'].map((database) =>
		openPostgresPool({ ...settings, database } as PostgresSettings, 1_000),
	);
	await Promise.all(opened.map(async (pool) => await pool.connect().catch(() => undefined)));
	const kept = ['pgPool1', 'pgTurns1'].map((key) =>
		processState<Map<string, unknown>>(key, () => new Map()),
	);
	expect(kept.map(({ size }) => size)).toEqual([2, 2]);
	for (const pool of opened) await pool.close();
	expect(kept.map(({ size }) => size)).toEqual([0, 0]);
});
