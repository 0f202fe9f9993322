import { passOn } from '../../../shared/errors';
import { processState } from '../../../shared/process/processState';
import type { SqlTransaction } from '../../../shared/vault/database/transaction';
import { storeNow } from '../../../shared/vault/database/transaction';
import type { LeaseHolding } from '../../../shared/vault/leaseHolding';
import { recordLease } from '../../../shared/vault/rows/leases';
import type { VaultRecord } from '../../../shared/vault/rows/records';
import { runLogged } from '../../../shared/vault/spending/spendSecret';
import type { Vault } from '../../../shared/vault/vault';
import type { ServerConnection } from '../../platform/serverAddress';
import { permissionsOf } from '../../platform/serverAddress';
import { forgetSession } from '../record/openSession';
import type { ReplacedSession, SessionView } from '../record/sessionRecord';
import { changeSession, readSession, secretsOf } from '../record/sessionRecord';
import { isInUse } from '../record/sessionUses';
import type { LogOffAnswer } from '../wire/logOffRequest';
import { readyLogOff } from '../wire/logOffRequest';

/** Pause between two looks, and the longest one after looks that failed, in milliseconds. */
const LOOK_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/** After this long nobody's request can still be under way with the session, in milliseconds. */
const LONGEST_MS = 600_000;

const LEASE_WAIT_MS = 10_000;

/** Of more than these the older ones are logged off at once: each was forced while others were in use. */
const MOST_WAITING = 20;

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

/**
 * Lets a log-on of the same user under another spelling take the place of the session that a record holds.
 * It is logged off as every one that was replaced.
 * @throws ConnectorError VAULT_*
 */
export async function replaceSession(
	vault: Vault,
	connection: ServerConnection,
	{ id, generation }: Pick<VaultRecord, 'id' | 'generation'>,
): Promise<void> {
	await vault.writeAt(id, function* () {
		const replacedAt = yield* storeNow();
		yield* changeSession(vault, id, generation, ({ session, replaced = [], ...secret }, meta) => {
			if (session?.kind !== 'cookie' || meta.state !== 'open') return undefined;
			const all = [...replaced, { session, replacedAt }];
			return [
				{ ...secret, session: null, replaced: all },
				{ ...meta, state: 'none', replacedSessions: all.length },
			];
		});
	});
	forgetSession(vault, id);
	watchReplacedSessions(vault, connection, id);
}

/** Never throws; `failed`: the store or the server was away, or the lease was not to be had, for one of them. */
async function look(
	vault: Vault,
	connection: ServerConnection,
	recordId: string,
): Promise<'done' | 'remains' | 'failed'> {
	try {
		// Without the lease as long as there is nothing to do.
		const found = await readReplaced(vault, recordId);
		if (found === undefined || found.all.length === 0) return 'done';
		if (found.due.length === 0) return 'remains';
		let failures = 0;
		for (const one of found.due) {
			await endOne(vault, connection, recordId, one).catch(() => (failures += 1));
		}
		if (failures > 0) return 'failed';
		return found.due.length < found.all.length ? 'remains' : 'done';
	} catch {
		return 'failed';
	}
}

/** Each under a lease of its own: one whose log-off fails or hangs holds up neither the others nor a log-on. */
async function endOne(
	vault: Vault,
	connection: ServerConnection,
	recordId: string,
	one: ReplacedSession,
): Promise<void> {
	const wait = { waitMs: LEASE_WAIT_MS };
	await vault.withLease(recordLease(recordId), wait, async (holding) => {
		const present = await readReplaced(vault, recordId);
		const isDueStill = ({ replacedAt }: ReplacedSession) => replacedAt === one.replacedAt;
		if (present?.due.some(isDueStill)) await end({ vault, connection, holding }, present.view, one);
	});
}

/**
 * Logs the sessions of a record off at once that another has taken the place of, under its lease.
 * @throws ConnectorError or Error where the server does not confirm it for one of them
 */
export async function endReplacedSessions(
	by: { vault: Vault; connection: ServerConnection; holding: LeaseHolding },
	recordId: string,
): Promise<void> {
	const found = await readReplaced(by.vault, recordId);
	if (found === undefined) return;
	const failures: unknown[] = [];
	for (const one of found.all) {
		await end(by, found.view, one).catch((error: unknown) => failures.push(error));
	}
	if (failures.length > 0) passOn(failures[0]);
}

async function readReplaced(vault: Vault, recordId: string) {
	const view = await readSession(vault, recordId);
	if (view === undefined) return undefined;
	const { replaced = [] } = secretsOf(vault, view.record);
	const isTooMany = (index: number) => index < replaced.length - MOST_WAITING;
	const due = replaced.filter((one, index) => isTooMany(index) || isDue(one, view));
	return { view, all: replaced, due };
}

function isDue({ replacedAt }: ReplacedSession, { uses, storeNow }: SessionView): boolean {
	const isOld = storeNow - replacedAt >= LONGEST_MS;
	return isOld || !uses.some((use) => isInUse(use) && use.startedAt < replacedAt);
}

async function end(
	by: { vault: Vault; connection: ServerConnection; holding: LeaseHolding },
	view: SessionView,
	one: ReplacedSession,
): Promise<void> {
	try {
		await logOffReplaced(by, view.record, one);
	} catch (error) {
		// The server was away all the time: it ends such a session by itself.
		if (view.storeNow - one.replacedAt < 2 * LONGEST_MS) passOn(error);
		await by.vault.writeAt(view.record.id, () => forget(by.vault, view.record.id, one));
	}
}

/** @throws where the server does not confirm it */
async function logOffReplaced(
	by: { vault: Vault; connection: ServerConnection; holding: LeaseHolding },
	record: VaultRecord,
	one: ReplacedSession,
): Promise<void> {
	const { vault, connection, holding } = by;
	const send = await readyLogOff(vault, connection, one.session);
	const result = await runLogged<LogOffAnswer>({
		vault,
		record,
		kind: 'logOff',
		spentFingerprint: '',
		holding,
		send,
		conclude: ({ answer, isOver }) => ({
			outcome: isOver ? 'saved' : 'refused',
			detail: `of a session that was replaced: HTTP ${answer.status}`,
			...(isOver && { also: () => forget(vault, record.id, one) }),
		}),
	});
	if (typeof result === 'string' || !result.answer.isOver) {
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
