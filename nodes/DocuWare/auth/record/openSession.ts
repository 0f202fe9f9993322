import { processState } from '../../../shared/process/processState';
import { rememberLatest } from '../../../shared/process/rememberLatest';
import type { Vault } from '../../../shared/vault/vault';
import type { SessionCredential } from '../wire/sessionCredential';
import type { SessionView } from './sessionRecord';
import { secretsOf } from './sessionRecord';

/** A session in this process's memory. */
export interface LiveSession {
	recordId: string;
	generation: number;
	credential: SessionCredential;
	/** End on the monotonic clock (ms), with a margin taken off; Infinity for cookies. */
	validUntil: number;
	/** Digest of the secret that opened it. */
	proof: string | null;
	/** When renewed cookies of others than the session were last saved (monotonic, ms). */
	othersSavedAt?: number;
}

/** Part of a bearer token's life, and at most this long (ms), that is left unused. */
const MARGIN_PART = 0.1;
const LONGEST_MARGIN_MS = 60_000;

/** So many sessions are remembered; others are read from the vault again. */
const MOST_REMEMBERED = 1_000;

function memory(): Map<string, LiveSession> {
	return processState('docuWareSessions1', () => new Map<string, LiveSession>());
}

function memoryKey(vault: Vault, recordId: string): string {
	return `${vault.vaultId}|${recordId}`;
}

/** The session that this process remembers for a record. */
export function rememberedSession(vault: Vault, recordId: string): LiveSession | undefined {
	return memory().get(memoryKey(vault, recordId));
}

/** Remembers a session; a later one is never replaced by one that was read from the store before it. */
export function rememberSession(vault: Vault, session: LiveSession): LiveSession {
	const key = memoryKey(vault, session.recordId);
	const present = memory().get(key);
	const isOverdue = present !== undefined && present.generation > session.generation;
	if (!isOverdue) rememberLatest(memory(), key, session, MOST_REMEMBERED);
	return session;
}

export function forgetSession(vault: Vault, recordId: string): void {
	memory().delete(memoryKey(vault, recordId));
}

/** The open session of a record as the store has it; undefined where there is none or it has ended. */
export function sessionInView(vault: Vault, view: SessionView): LiveSession | undefined {
	const { record, meta } = view;
	if (meta.state !== 'open') return undefined;
	const remembered = rememberedSession(vault, record.id);
	const session =
		remembered?.generation === record.generation ? remembered : openedFrom(vault, view);
	if (session === undefined || performance.now() >= session.validUntil) return undefined;
	// A later password may have been given the session that an earlier one began.
	return { ...session, proof: meta.proof };
}

/** The session a record holds, whatever its state says. */
export function openedFrom(vault: Vault, view: SessionView): LiveSession | undefined {
	const { record, meta } = view;
	const { session } = secretsOf(vault, record);
	if (session === null) return undefined;
	const requestedAt = record.requestedAt ?? view.storeNow;
	return {
		recordId: record.id,
		generation: record.generation,
		credential: session,
		validUntil: endOf(session, view.monotonicNow - (view.storeNow - requestedAt)),
		proof: meta.proof,
	};
}

/** End of a credential that was asked for at `requestedAt` (monotonic, ms), margin taken off. */
export function endOf(credential: SessionCredential, requestedAt: number): number {
	if (credential.kind === 'cookie') return Infinity;
	const { lifeMs } = credential;
	return requestedAt + lifeMs - Math.min(LONGEST_MARGIN_MS, lifeMs * MARGIN_PART);
}
