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
import { logOff } from '../wire/logOnRequests';
import { discoverServer } from '../wire/serverDiscovery';
import { authHeaders } from '../wire/sessionCredential';

/** Pause between two looks, in milliseconds. */
const LOOK_MS = 1_000;

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
	const lookLater = () => {
		setTimeout(() => {
			void look(vault, connection, recordId).then((remains) => {
				if (remains && !vault.isClosed) lookLater();
				else watched().delete(key);
			});
		}, LOOK_MS).unref();
	};
	lookLater();
}

/** @returns whether there is something left to do; never throws. */
async function look(
	vault: Vault,
	connection: ServerConnection,
	recordId: string,
): Promise<boolean> {
	const options = { waitMs: LEASE_WAIT_MS };
	return await vault
		.withLease(recordLease(recordId), options, async (holding) => {
			const view = await readSession(vault, recordId);
			if (view === undefined) return false;
			const { replaced = [] } = secretsOf(vault, view.record);
			const due = replaced.filter((one) => isDue(one, view));
			for (const one of due) await end({ vault, connection, holding }, view, one);
			return due.length < replaced.length;
		})
		.catch(() => true);
}

function isDue({ replacedAt }: ReplacedSession, { uses, storeNow }: SessionView): boolean {
	const isOld = storeNow - replacedAt >= LONGEST_MS;
	return isOld || !uses.some((use) => isInUse(use) && use.startedAt < replacedAt);
}

async function end(
	by: { vault: Vault; connection: ServerConnection; holding: LeaseHolding },
	{ record }: SessionView,
	one: ReplacedSession,
): Promise<void> {
	const { vault, connection, holding } = by;
	const facts = await discoverServer(vault, connection);
	const { Cookie = '' } = authHeaders(one.session, facts.logOffUrl);
	await runLogged<HttpResponse>({
		vault,
		record,
		kind: 'logOff',
		spentFingerprint: '',
		holding,
		send: async () => await logOff(connection, facts, Cookie),
		conclude: ({ status }) => ({
			outcome: status < 500 ? 'saved' : 'refused',
			detail: `of a session that was replaced: HTTP ${status}`,
			also: () => forget(vault, record.id, one),
		}),
	});
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
