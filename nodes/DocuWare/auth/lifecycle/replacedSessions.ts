import type { HttpResponse } from '../../../shared/http';
import { processState } from '../../../shared/process/processState';
import type { SqlTransaction } from '../../../shared/vault/database/transaction';
import type { LeaseHolding } from '../../../shared/vault/leaseHolding';
import { recordLease } from '../../../shared/vault/rows/leases';
import { runLogged } from '../../../shared/vault/spending/spendSecret';
import type { Vault } from '../../../shared/vault/vault';
import type { ServerConnection } from '../../platform/serverAddress';
import { permissionsOf } from '../../platform/serverAddress';
import type { ReplacedSession, SessionView } from '../record/sessionRecord';
import { changeSession, readSession, secretsOf } from '../record/sessionRecord';
import { isInUse } from '../record/sessionUses';
import { isOver } from './sessionClosing';
import { logOff } from '../wire/logOnRequests';
import { discoverServer } from '../wire/serverDiscovery';
import { authHeaders } from '../wire/sessionCredential';

/** Pause between two looks, and the longest one after looks that failed, in milliseconds. */
const LOOK_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/** After this long nobody's request can still be under way with the session, in milliseconds. */
const LONGEST_MS = 600_000;

const LEASE_WAIT_MS = 10_000;

/** Records that are looked at. */
function watched(): Set<string> {
	return processState('docuWareReplaced1', () => new Set<string>());
}

/**
 * Gives the licences of sessions back that a new log-on has taken the place of: each is logged off once
 * no use that was marked before is under way, at the latest after ten minutes. They stand in the
 * record, so that another process goes on where this one dies.
 */
export function watchReplacedSessions(
	vault: Vault,
	connection: ServerConnection,
	recordId: string,
): void {
	const key = [vault.vaultId, recordId, ...permissionsOf(connection)].join('|');
	if (watched().has(key)) return;
	watched().add(key);
	const lookLater = (pauseMs: number) => {
		setTimeout(() => {
			void look(vault, connection, recordId).then((found) => {
				if (found === 'done' || vault.isClosed) watched().delete(key);
				else lookLater(found === 'failed' ? Math.min(pauseMs * 2, LONGEST_PAUSE_MS) : LOOK_MS);
			});
		}, pauseMs).unref();
	};
	lookLater(LOOK_MS);
}

/** Never throws; `failed`: the store or the server was away, or the lease was not to be had. */
async function look(
	vault: Vault,
	connection: ServerConnection,
	recordId: string,
): Promise<'done' | 'remains' | 'failed'> {
	try {
		// Without the lease as long as there is nothing to do.
		const found = await readReplaced(vault, recordId);
		if (found === undefined || found.replaced === 0) return 'done';
		if (found.due.length === 0) return 'remains';
		return await vault.withLease(
			recordLease(recordId),
			{ waitMs: LEASE_WAIT_MS },
			async (holding) => {
				const present = await readReplaced(vault, recordId);
				if (present === undefined) return 'done';
				for (const one of present.due) await end({ vault, connection, holding }, present.view, one);
				return present.due.length < present.replaced ? 'remains' : 'done';
			},
		);
	} catch {
		return 'failed';
	}
}

/**
 * Logs the sessions of a record off at once that another has taken the place of, under its lease.
 * @throws ConnectorError or Error where the server does not confirm it
 */
export async function endReplacedSessions(
	by: { vault: Vault; connection: ServerConnection; holding: LeaseHolding },
	recordId: string,
): Promise<void> {
	const found = await readReplaced(by.vault, recordId);
	for (const one of found?.all ?? []) await end(by, found!.view, one);
}

async function readReplaced(vault: Vault, recordId: string) {
	const view = await readSession(vault, recordId);
	if (view === undefined) return undefined;
	const { replaced = [] } = secretsOf(vault, view.record);
	return {
		view,
		all: replaced,
		replaced: replaced.length,
		due: replaced.filter((one) => isDue(one, view)),
	};
}

function isDue({ replacedAt }: ReplacedSession, { uses, storeNow }: SessionView): boolean {
	const isOld = storeNow - replacedAt >= LONGEST_MS;
	return isOld || !uses.some((use) => isInUse(use) && use.startedAt < replacedAt);
}

async function end(
	by: { vault: Vault; connection: ServerConnection; holding: LeaseHolding },
	{ record, storeNow }: SessionView,
	one: ReplacedSession,
): Promise<void> {
	const { vault, connection, holding } = by;
	// The server was away all the time: it ends such a session by itself.
	if (storeNow - one.replacedAt >= 2 * LONGEST_MS) {
		await vault.write(() => forget(vault, record.id, one));
		return;
	}
	const facts = await discoverServer(vault, connection);
	const { Cookie = '' } = authHeaders(one.session, facts.logOffUrl);
	const result = await runLogged<HttpResponse>({
		vault,
		record,
		kind: 'logOff',
		spentFingerprint: '',
		holding,
		send: async () => await logOff(connection, facts, Cookie),
		conclude: (answer) => ({
			outcome: isOver(answer) ? 'saved' : 'refused',
			detail: `of a session that was replaced: HTTP ${answer.status}`,
			...(isOver(answer) && { also: () => forget(vault, record.id, one) }),
		}),
	});
	if (typeof result === 'string' || !isOver(result.answer)) {
		throw new Error('not logged off yet');
	}
}

function* forget(vault: Vault, recordId: string, one: ReplacedSession): SqlTransaction<void> {
	yield* changeSession(vault, recordId, null, (secret, meta) => {
		const replaced = (secret.replaced ?? []).filter(
			({ replacedAt }) => replacedAt !== one.replacedAt,
		);
		return [
			{ ...secret, replaced },
			{ ...meta, replacedSessions: replaced.length },
		];
	});
}
