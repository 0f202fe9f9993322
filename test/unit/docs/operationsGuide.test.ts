import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { docuWareChainPolicy } from '../../../nodes/DocuWare/auth/tokenChain/chainPolicy';
import { exactChainPolicy, IDLE_EXPIRY_MS } from '../../../nodes/ExactOnline/auth/chainPolicy';
import { MOST_REMEMBERED } from '../../../nodes/shared/tokenChain/memory';
import { DEFAULT_LEASE_TIMING } from '../../../nodes/shared/vault/leaseHolding';
import { ATTEMPT_LOG_MS } from '../../../nodes/shared/vault/rows/attempts';
import { codesInSource } from './support/errorCodes';
import { projectRoot } from './support/projectFiles';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

const guide = readFileSync(join(projectRoot, 'docs/operations.md'), 'utf8');

/** How often a token is renewed a day that is in use all the time. */
const renewals = (lifeMs: number, part: number) => Math.ceil(DAY_MS / (lifeMs * part));

const sourceOf = (file: string) => readFileSync(join(projectRoot, file), 'utf8');

describe('docs/operations.md', () => {
	it('names codes that exist, and everything that can be wrong with the vault', () => {
		const codes = codesInSource();
		const named = new Set(guide.match(/(?<![\w_])(?:EXACT|DOCUWARE|VAULT|HTTP)_[A-Z_]+[A-Z]\b/g));
		expect([...named].filter((code) => !codes.has(code))).toEqual([]);
		// The others are faults of the settings, which end at the first start.
		const atTheStart = [
			...['VAULT_KEY_MISSING', 'VAULT_NO_FILE_LOCKS', 'VAULT_SCHEMA_RIGHTS'],
			'VAULT_SETTING_INVALID',
		];
		const ofVault = [...codes.keys()].filter((code) => code.startsWith('VAULT_'));
		const missing = ofVault.filter((code) => !named.has(code) && !atTheStart.includes(code));
		expect(missing).toEqual([]);
	});

	it('counts refreshes by the rules that the chains are renewed by', () => {
		const { defaultLifeMs, refreshFrom } = exactChainPolicy;
		const aDay = renewals(defaultLifeMs, refreshFrom);
		expect(guide).toContain(
			`| Exact Online | by the first use after ${(defaultLifeMs * refreshFrom) / 1000} s (95 % of 600 s) | ${aDay} |`,
		);
		for (const minutes of [30, 60, 90]) {
			const part = docuWareChainPolicy.refreshFrom;
			expect(guide).toMatch(
				new RegExp(
					`${minutes} minutes \\| (?:by the first use )?after ${minutes * part} minutes.* \\| ${renewals(minutes * MINUTE_MS, part)} \\|`,
				),
			);
		}
		const rows = aDay * (ATTEMPT_LOG_MS / DAY_MS);
		expect(guide).toContain(`${rows.toLocaleString('en')} rows for an Exact Online connection`);
		// 635 and 763 bytes a row, by bench/RESULTS.md.
		const megabytes = (bytes: number) => ((rows * bytes) / 1e6).toFixed(1);
		expect(guide).toContain(`| ${megabytes(635)} MB | ${megabytes(763)} MB |`);
		const aSecond = (1000 * aDay) / 86_400;
		expect(guide).toContain(`need ${aSecond.toFixed(1)} refreshes a second`);
		expect(guide).toContain(`${Math.round(aSecond * 5)} round trips a\nsecond on PostgreSQL`);
		expect(guide).toContain(
			`10,000 of them ${Math.round(aSecond * 10)} and ${Math.round(aSecond * 50)}`,
		);
		expect(guide).toContain(`received_at + ${IDLE_EXPIRY_MS} AS lapses_at`);
	});

	it('counts the calls of polls', () => {
		for (const [times, minutes] of [
			['minute', 1],
			['5 minutes', 5],
			['15 minutes', 15],
			['hour', 60],
		] as const) {
			const calls = 2 * ((24 * 60) / minutes) + 24;
			expect(guide).toContain(`| ${times} | ${calls.toLocaleString('en')} |`);
		}
		expect(guide).toContain(`need ${(2 * 2904).toLocaleString('en')}`);
	});

	it.each([
		[
			'nodes/shared/vault/database/postgresPool.ts',
			'CONNECTIONS_PER_PROCESS = 2',
			'2 per n8n process',
		],
		['nodes/shared/vault/database/postgresPool.ts', 'IDLE_LIMIT_MS = 30_000', 'closed after 30 s'],
		[
			'nodes/shared/vault/database/postgresPool.ts',
			"application_name: 'n8n-nodes-exactonline-docuware'",
			'`application_name` `n8n-nodes-exactonline-docuware`',
		],
		[
			'nodes/shared/tokenChain/authorizationMemory.ts',
			'GUARD_CHECK_MS = 30_000',
			'looks every 30 s',
		],
		['nodes/DocuWare/auth/record/openSession.ts', 'MOST_REMEMBERED = 1_000', '1,000 | likewise'],
		['nodes/DocuWare/auth/record/sessionUses.ts', 'HEARTBEAT_MS = 10_000', 'every ten seconds'],
		[
			'nodes/DocuWare/auth/lifecycle/startToken.ts',
			'RENEW_BELOW_MS = 6 * HOUR_MS',
			'a login token for the next start every 18 hours',
		],
		['nodes/ExactOnline/api/limits/callBatches.ts', 'BATCH_MS', 'batch of five calls'],
	])('says what stands in %s: %s', (file, code, words) => {
		expect(sourceOf(file)).toContain(code);
		expect(guide).toContain(words);
	});

	it('says how much a process remembers, and how often it looks at a lease', () => {
		expect(guide).toContain(`remembers | ${MOST_REMEMBERED.toLocaleString('en')} each |`);
		expect(guide).toContain(`at least every ${DEFAULT_LEASE_TIMING.pollMs} ms`);
	});
});
