import type { SqlStatement } from '../../../../nodes/shared/vault/database/transaction';
import { TABLES } from '../../../../nodes/shared/vault/rows/schema';
import type { VirtualTime } from '../../support/virtualTime';
import type { LogOnPost, ModelServer } from './modelServer';
import type { KeptToken, StoredSession, StoreReader } from './storedSessions';
import { pidOf } from './storedSessions';

/** What the checks have to know of the world around. */
export interface Surroundings {
	time: VirtualTime;
	server: ModelServer;
	reader: StoreReader;
	violate(what: string): void;
	isPidAlive(pid: number): boolean;
	/** Uses by which the running process itself is asked to log this session off; undefined: by force. */
	logOffsUnderWay(label: string): Set<string> | undefined;
	logOffWithoutLease(): void;
	/** Whether somebody has asked for a new session although this one is open. */
	isForced(label: string): boolean;
}

/**
 * How long a login token must have been in the store before a log-on with a password is wrong: longer
 * than the way from looking for one to sending.
 */
const TOKEN_KNOWN_MS = 150_000;

interface Seen {
	session: StoredSession;
	tokenSince: number;
}

/** The rules of the contract that can be read off the store, checked after each write. */
export class StoreChecks {
	/** Sessions that were in the store at some time, by cookie. */
	readonly everStored = new Set<string>();

	private readonly seen = new Map<string, Seen>();

	constructor(private readonly around: Surroundings) {}

	/** Runs after each write of any process, as the process that has written. */
	async afterWrite(statements: readonly SqlStatement[]): Promise<void> {
		if (statements.some(writesAttempt)) await this.checkLogOff(statements);
		if (!statements.some(writesRecord)) return;
		for (const session of await this.around.reader.sessions()) {
			const before = this.seen.get(session.id);
			if (before) await this.compare(before, session);
			if (session.cookie !== undefined) this.everStored.add(session.cookie);
			this.seen.set(session.id, {
				session,
				tokenSince:
					before?.session.loginToken?.value === session.loginToken?.value
						? (before?.tokenSince ?? this.around.time.now)
						: this.around.time.now,
			});
		}
	}

	/** A log-on with a password is about to go out. */
	beforePassword({ hostId, sender, disturbances }: LogOnPost): void {
		const known = [...this.seen.values()].find(({ session }) => session.hostId === hostId);
		if (known === undefined || sender.disturbances !== disturbances) return;
		const { session, tokenSince } = known;
		const isOld = this.around.time.now - tokenSince > TOKEN_KNOWN_MS;
		if (isOld && session.proof !== null && this.isUsable(session.loginToken)) {
			this.around.violate('a password log-on although a usable login token was at hand');
		}
	}

	/** At quiet time: tokens that count as spent, were never sent, and whose sender has not died. */
	async burntTokens(): Promise<string[]> {
		const burnt: string[] = [];
		for (const session of await this.around.reader.sessions()) {
			for (const token of [session.loginToken, session.sourceToken]) {
				if (token?.usage !== 'Single' || !token.spent) continue;
				if (this.around.server.tokensSent.has(token.value)) continue;
				const holders = await this.around.reader.openAttempts(session.id);
				if (holders.some((pid) => !this.around.isPidAlive(pid))) continue;
				burnt.push(session.label);
			}
		}
		return burnt;
	}

	/** What is written ahead of a log-off must be written under the lease. */
	private async checkLogOff(statements: readonly SqlStatement[]): Promise<void> {
		for (const { params } of statements.filter(writesAttempt)) {
			const [id, recordId, , , kind, , holder] = params;
			if (kind !== 'logOff' || !(await this.around.reader.isWrittenDown(String(id)))) continue;
			const leaseHolder = await this.around.reader.leaseHolder(String(recordId));
			if (leaseHolder !== pidOf(holder)) this.around.logOffWithoutLease();
		}
	}

	private async compare({ session: before }: Seen, now: StoredSession): Promise<void> {
		const { violate, server } = this.around;
		if (now.generation < before.generation) violate('a generation went back');
		// A late answer may come in after the newer session has been closed; it is better kept than lost.
		const [number, newer] = [this.numberOf(now), this.numberOf(before)];
		if (number >= 0 && number < newer) {
			violate(`the older session ${number} replaced ${newer} in the store`);
		}
		const { cookie } = before;
		if (cookie !== undefined && cookie !== now.cookie) {
			const lives = server.state.sessions.find(cookie) !== undefined;
			if (lives && !this.around.isForced(before.label)) {
				violate('a session that lives was dropped from the store');
			}
		}
		if (before.state !== 'closing' && now.state === 'closing') await this.checkUses(now);
	}

	/** A log-off begins: nobody else may be using the session. */
	private async checkUses({ id, label }: StoredSession): Promise<void> {
		const own = this.around.logOffsUnderWay(label);
		if (own === undefined) return;
		const uses = await this.around.reader.uses(id, this.around.time.wall());
		const other = uses.find(
			({ useId, pid }) =>
				!own.has(useId) && this.around.isPidAlive(pid) && !(own.size > 0 && isIdleMark(useId)),
		);
		if (other) this.around.violate(`a log-off began while ${other.useId} used the session`);
	}

	private isUsable(token: KeptToken | null): boolean {
		if (token === null || (token.usage === 'Single' && token.spent)) return false;
		return token.expiresAt === null || token.expiresAt - 2_000 > this.around.time.wall();
	}

	private numberOf({ cookie }: StoredSession): number {
		return cookie === undefined ? -1 : this.around.server.numberOf(cookie);
	}
}

function writesAttempt({ sql }: SqlStatement): boolean {
	return sql.trimStart().startsWith(`INSERT INTO ${TABLES.attempt}`);
}

function writesRecord({ sql }: SqlStatement): boolean {
	return !sql.trimStart().startsWith('SELECT') && sql.includes(TABLES.record);
}

/** A mark that holds back the log-off for being idle alone. */
function isIdleMark(useId: string): boolean {
	return useId.startsWith('idle:');
}
