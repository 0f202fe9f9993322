import type { SeenAuthorization } from '../vault/rows/authorizations';
import type { RecordOwner } from '../vault/rows/records';
import type { DuplicateOwner, Presenter } from './types';

/**
 * How long two authorizations may be presented side by side before the later one counts as a
 * second credential: executions that were under way during a reconnect still present the earlier.
 */
export const OVERLAP_MS = 60_000;

/** What the guard looks at. Times are the store's, in milliseconds. */
export interface GuardCase {
	/** The authorization that is presented now, as the vault has it (or is about to). */
	presented: SeenAuthorization;
	/** True where the vault has never seen it before. */
	isNew: boolean;
	presenter: Presenter;
	owner: RecordOwner | null;
	/** The service has ended the owner's log-in before it ever accepted one of it: it holds nobody back. */
	ownerHasLapsed?: boolean;
	/** All authorizations of the record, oldest first; may include the presented one. */
	lineage: SeenAuthorization[];
	now: number;
	/** The owner has given the registration up: the next credential that uses it becomes the owner. */
	released?: boolean;
	/** A person has asked for this credential to take the registration over. */
	personTakesOver?: boolean;
	/** The service has not accepted the pair that the presented authorization brought. */
	unproved?: boolean;
	/** Fingerprints of those of the lineage for which it has not either. */
	unprovedOthers?: ReadonlySet<string>;
}

/** The guard's verdict with what is to be written down. */
export interface GuardVerdict {
	welcome: boolean;
	presented: SeenAuthorization;
	owner: RecordOwner | null;
	/** Other authorizations whose entry changes. */
	others: SeenAuthorization[];
	changed: boolean;
	/** When the verdict may become another one by the passing of time alone, ms from now. */
	recheckInMs: number | null;
	/** It has taken the registration over from another one. */
	takesOver?: boolean;
	/** What the credential asks for, and what is carried out once its authorization is proved. */
	pending?: 'share' | 'takeOver';
}

/**
 * Decides whether an authorization may use the record of its identity
 * (docs/architecture.md, "The state of a token chain"). The identity belongs to the first
 * credential that used it; a second one is refused, shares, or takes over, as its own field says. What
 * an authorization asks for that is not proved yet is put off until it is. The same authorization in a
 * copied credential is no duplicate, nor is a reconnect of the owner.
 */
export function judge(guardCase: GuardCase): GuardVerdict {
	const { presenter, now } = guardCase;
	const presented = named(guardCase.presented, presenter);
	const unproved = guardCase.unproved === true;
	const lapsed = guardCase.ownerHasLapsed === true;
	const mayRegister = !unproved && !lapsed && (guardCase.released === true || isFirst(guardCase));
	const known = lapsed ? null : guardCase.owner;
	const owner = known ?? (mayRegister ? ownerFrom(presented, now) : null);
	if (isOwners(presented, presenter, owner)) {
		return accept(guardCase, withPolicy(presented, presenter), owner);
	}
	// Once per authorization: two credentials that both say "take over" must not take turns.
	const mayTakeOver =
		guardCase.personTakesOver === true ||
		(presenter.duplicatePolicy === 'takeOver' && presented.policy !== 'takeOver');
	const isMarked = presented.refusedAt !== null && !lapsed;
	const isSecond = isDuplicate(presented, owner) || isMarked;
	if (mayTakeOver && (isSecond || (guardCase.isNew && presented.credentialId === null))) {
		return unproved
			? { ...accept(guardCase, presented, owner), pending: 'takeOver' }
			: takeOver(guardCase, presented);
	}
	if (isSecond && presenter.duplicatePolicy !== 'share') {
		const refused = { ...presented, refusedAt: presented.refusedAt ?? now };
		const changed =
			guardCase.isNew || JSON.stringify(refused) !== JSON.stringify(guardCase.presented);
		return { welcome: false, presented: refused, owner, others: [], changed, recheckInMs: null };
	}
	if (unproved && presenter.duplicatePolicy === 'share') {
		return { ...accept(guardCase, presented, owner), pending: 'share' };
	}
	return accept(guardCase, withPolicy(presented, presenter), owner);
}

/** To whom the owner's name must not be told. */
export interface OwnerSecrecy {
	/** To nobody. */
	ownerAlways: boolean;
	/** Not to the hook, which does not know its n8n instance, where several instances share the vault. */
	ownerFromHook: boolean;
}

/** The owner as it may be told to somebody who presents a duplicate. */
export function tellableOwner(
	owner: RecordOwner | null,
	presenter: Presenter,
	hide: OwnerSecrecy,
): DuplicateOwner {
	const isForeign =
		presenter.instanceId === null
			? hide.ownerFromHook
			: owner !== null && owner.instanceId !== presenter.instanceId;
	const elsewhere = hide.ownerAlways || isForeign;
	if (owner === null || elsewhere) return { credentialId: null, credentialName: null, elsewhere };
	return {
		credentialId: owner.credentialId,
		credentialName: owner.credentialName,
		elsewhere: false,
	};
}

function named(presented: SeenAuthorization, presenter: Presenter): SeenAuthorization {
	if (presented.credentialId !== null || presenter.credentialId === null) return presented;
	return {
		...presented,
		credentialId: presenter.credentialId,
		credentialName: presenter.credentialName,
		instanceId: presenter.instanceId,
	};
}

/** Whether nobody else can have registered the identity before. */
function isFirst({ presented, lineage, unprovedOthers }: GuardCase): boolean {
	const earliest = lineage.find(
		(one) => one.refusedAt === null && unprovedOthers?.has(one.fingerprint) !== true,
	);
	return earliest === undefined || earliest.fingerprint === presented.fingerprint;
}

function ownerFrom(presented: SeenAuthorization, now: number): RecordOwner | null {
	if (presented.credentialId === null) return null;
	return {
		credentialId: presented.credentialId,
		credentialName: presented.credentialName,
		instanceId: presented.instanceId,
		since: now,
	};
}

/** Node code that knows its credential proves ownership, also for an authorization marked falsely. */
function isOwners(
	presented: SeenAuthorization,
	presenter: Presenter,
	owner: RecordOwner | null,
): boolean {
	if (owner === null) return false;
	const byPresenter =
		presenter.credentialId === owner.credentialId && presenter.instanceId === owner.instanceId;
	const byEntry =
		presented.credentialId === owner.credentialId &&
		presented.instanceId === owner.instanceId &&
		presented.refusedAt === null;
	return byPresenter || byEntry;
}

function isDuplicate(presented: SeenAuthorization, owner: RecordOwner | null): boolean {
	if (owner === null || presented.credentialId === null) return false;
	return presented.credentialId !== owner.credentialId || presented.instanceId !== owner.instanceId;
}

/** What the credential says now; "take over" is noted only where it was done. */
function withPolicy(presented: SeenAuthorization, presenter: Presenter): SeenAuthorization {
	return presenter.duplicatePolicy === 'takeOver'
		? presented
		: { ...presented, policy: presenter.duplicatePolicy };
}

function accept(
	guardCase: GuardCase,
	presented: SeenAuthorization,
	owner: RecordOwner | null,
): GuardVerdict {
	const welcome = { ...presented, refusedAt: null };
	const rivals = laterRivals(guardCase, welcome, owner);
	const { now } = guardCase;
	const others = rivals
		.filter((one) => now - one.firstSeenAt > OVERLAP_MS)
		.map((one) => ({ ...one, refusedAt: now }));
	const waits = rivals
		.map((one) => one.firstSeenAt + OVERLAP_MS + 1 - now)
		.filter((wait) => wait > 0);
	return {
		welcome: true,
		recheckInMs: waits.length === 0 ? null : Math.min(...waits),
		presented: welcome,
		owner,
		others,
		changed:
			others.length > 0 ||
			guardCase.isNew ||
			JSON.stringify([welcome, owner]) !== JSON.stringify([guardCase.presented, guardCase.owner]),
	};
}

function takeOver(guardCase: GuardCase, presented: SeenAuthorization): GuardVerdict {
	const mine = (one: SeenAuthorization) =>
		one.fingerprint === presented.fingerprint ||
		(presented.credentialId !== null &&
			one.credentialId === presented.credentialId &&
			one.instanceId === presented.instanceId);
	const others = guardCase.lineage
		.filter((one) => !mine(one) && one.refusedAt === null)
		.filter((one) => one.policy !== 'share' || guardCase.unprovedOthers?.has(one.fingerprint))
		.map((one) => ({ ...one, refusedAt: guardCase.now }));
	return {
		welcome: true,
		presented: { ...presented, policy: 'takeOver', refusedAt: null },
		owner: ownerFrom(presented, guardCase.now),
		others,
		takesOver: guardCase.owner !== null || others.length > 0,
		changed: true,
		recheckInMs: null,
	};
}

/**
 * The hook knows no credential, so it takes an unknown authorization in. If the earlier one is
 * still presented after the overlap, there are two credentials, and the later is the duplicate.
 * @returns the later ones that are or will be duplicates.
 */
function laterRivals(
	{ lineage, unproved, unprovedOthers }: GuardCase,
	presented: SeenAuthorization,
	owner: RecordOwner | null,
): SeenAuthorization[] {
	// What is not proved yet is served from its own pair, so it neither disturbs nor judges anybody.
	if (unproved === true) return [];
	return lineage.filter(
		(one) =>
			one.fingerprint !== presented.fingerprint &&
			unprovedOthers?.has(one.fingerprint) !== true &&
			one.firstSeenAt > presented.firstSeenAt &&
			one.refusedAt === null &&
			one.policy === 'refuse' &&
			!(one.credentialId !== null && one.credentialId === presented.credentialId) &&
			!(owner !== null && one.credentialId === owner.credentialId),
	);
}
