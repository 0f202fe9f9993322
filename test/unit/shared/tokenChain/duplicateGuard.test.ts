import type { GuardCase } from '../../../../nodes/shared/tokenChain/duplicateGuard';
import {
	judge,
	OVERLAP_MS,
	tellableOwner,
} from '../../../../nodes/shared/tokenChain/duplicateGuard';
import type { Presenter } from '../../../../nodes/shared/tokenChain/types';
import type { SeenAuthorization } from '../../../../nodes/shared/vault/rows/authorizations';

const NOW = 10_000_000;

const A: Presenter = {
	credentialId: 'a',
	credentialName: 'A',
	instanceId: 'one',
	duplicatePolicy: 'refuse',
};
const B: Presenter = { ...A, credentialId: 'b', credentialName: 'B' };
const HOOK: Presenter = {
	credentialId: null,
	credentialName: null,
	instanceId: null,
	duplicatePolicy: 'refuse',
};
const OWNER_A = { credentialId: 'a', credentialName: 'A', instanceId: 'one', since: 1 };

function seen(
	fingerprint: string,
	by: Presenter,
	changes: Partial<SeenAuthorization> = {},
): SeenAuthorization {
	return {
		fingerprint,
		recordId: 'r',
		firstSeenAt: 1_000,
		issuedAt: null,
		credentialId: by.credentialId,
		credentialName: by.credentialName,
		instanceId: by.instanceId,
		policy: 'refuse',
		refusedAt: null,
		...changes,
	};
}

function judged(changes: Partial<GuardCase> & Pick<GuardCase, 'presented' | 'presenter'>) {
	return judge({ isNew: false, owner: null, lineage: [changes.presented], now: NOW, ...changes });
}

it('registers an identity to the first credential that uses it', () => {
	const verdict = judged({ presented: seen('1', A), presenter: A, isNew: true });
	expect(verdict).toMatchObject({ welcome: true, owner: { credentialId: 'a', since: NOW } });
});

it('names the owner as soon as node code presents what the hook took in first', () => {
	const verdict = judged({ presented: seen('1', HOOK), presenter: A });
	expect(verdict.owner).toMatchObject({ credentialId: 'a' });
	expect(verdict.presented.credentialId).toBe('a');
});

it('changes nothing when a known owner comes again', () => {
	const verdict = judged({ presented: seen('1', A), presenter: A, owner: OWNER_A });
	expect(verdict).toMatchObject({ welcome: true, changed: false });
});

it.each([
	['another credential', B, false],
	['the same credential id in another n8n', { ...A, instanceId: 'two' }, false],
	['the owner after a reconnect', A, true],
])('a new authorization of %s: welcome %#', (_name, presenter, welcome) => {
	const presented = seen('2', presenter, { firstSeenAt: 2_000 });
	const verdict = judged({
		presented,
		presenter,
		isNew: true,
		owner: OWNER_A,
		lineage: [seen('1', A)],
	});
	expect(verdict.welcome).toBe(welcome);
	expect(verdict.owner).toEqual(OWNER_A);
});

it("welcomes the owner's authorization in a copied credential", () => {
	const verdict = judged({ presented: seen('1', A), presenter: B, owner: OWNER_A });
	expect(verdict).toMatchObject({ welcome: true, owner: OWNER_A });
});

it('keeps refusing what was refused, and lets it in when the credential says Share', () => {
	const presented = seen('2', B, { refusedAt: 5 });
	const base = { presented, owner: OWNER_A, lineage: [seen('1', A), presented] };
	expect(judged({ ...base, presenter: B }).welcome).toBe(false);
	const shared = judged({ ...base, presenter: { ...B, duplicatePolicy: 'share' } });
	expect(shared).toMatchObject({
		welcome: true,
		owner: OWNER_A,
		presented: { policy: 'share', refusedAt: null },
	});
	const back = judged({ ...base, presented: shared.presented, presenter: B });
	expect(back.welcome).toBe(false);
});

it('takes over once per authorization, and marks the former owner', () => {
	const presenter: Presenter = { ...B, duplicatePolicy: 'takeOver' };
	const base = { owner: OWNER_A, presenter, lineage: [seen('1', A), seen('2', B)] };
	const taken = judged({ ...base, presented: seen('2', B) });
	expect(taken).toMatchObject({ welcome: true, owner: { credentialId: 'b' } });
	expect(taken.others).toMatchObject([{ fingerprint: '1', refusedAt: NOW }]);
	const again = judged({ ...base, presented: { ...taken.presented, refusedAt: NOW } });
	expect(again.welcome).toBe(false);
	const byPerson = judged({
		...base,
		presented: { ...taken.presented, refusedAt: NOW },
		personTakesOver: true,
	});
	expect(byPerson.welcome).toBe(true);
});

it('gives a released registration to whoever comes next', () => {
	const presented = seen('2', B);
	const base = { presented, presenter: B, lineage: [seen('1', A), presented] };
	expect(judged(base).owner).toBeNull();
	expect(judged({ ...base, released: true }).owner).toMatchObject({ credentialId: 'b' });
});

describe('the hook, which knows no credential', () => {
	const earlier = seen('1', HOOK);
	const later = seen('2', HOOK, { firstSeenAt: NOW - OVERLAP_MS - 1 });

	it('marks the later of two that are both in use after the overlap', () => {
		const verdict = judged({ presented: earlier, presenter: HOOK, lineage: [earlier, later] });
		expect(verdict.others).toMatchObject([{ fingerprint: '2', refusedAt: NOW }]);
	});

	it('waits for the overlap, and never marks the earlier one', () => {
		const young = { ...later, firstSeenAt: NOW - OVERLAP_MS };
		expect(
			judged({ presented: earlier, presenter: HOOK, lineage: [earlier, young] }).others,
		).toEqual([]);
		expect(judged({ presented: later, presenter: HOOK, lineage: [earlier, later] }).others).toEqual(
			[],
		);
	});

	it('leaves alone what is shared, and what belongs to the owner', () => {
		const shared = { ...later, policy: 'share' as const };
		const owners = { ...later, credentialId: 'a', instanceId: 'one' };
		for (const other of [shared, owners]) {
			const verdict = judged({
				presented: earlier,
				presenter: HOOK,
				owner: OWNER_A,
				lineage: [earlier, other],
			});
			expect(verdict.others).toEqual([]);
		}
	});

	it('is corrected by node code that knows the owner', () => {
		const verdict = judged({
			presented: { ...later, refusedAt: NOW },
			presenter: A,
			owner: OWNER_A,
			lineage: [earlier, later],
		});
		expect(verdict).toMatchObject({ welcome: true, presented: { refusedAt: null } });
	});
});

const NOT_HIDDEN = { ownerAlways: false, ownerFromHook: false };

describe('what may be told of the owner', () => {
	it('names it inside one n8n only', () => {
		expect(tellableOwner(OWNER_A, B, NOT_HIDDEN)).toEqual({
			credentialId: 'a',
			credentialName: 'A',
			elsewhere: false,
		});
		const hidden = { credentialId: null, credentialName: null, elsewhere: true };
		expect(tellableOwner(OWNER_A, { ...B, instanceId: 'two' }, NOT_HIDDEN)).toEqual(hidden);
		expect(tellableOwner(OWNER_A, B, { ...NOT_HIDDEN, ownerAlways: true })).toEqual(hidden);
	});

	it('is not named to the hook of an n8n that shares its vault', () => {
		expect(tellableOwner(OWNER_A, HOOK, NOT_HIDDEN).credentialId).toBe('a');
		const shared = { ...NOT_HIDDEN, ownerFromHook: true };
		expect(tellableOwner(OWNER_A, HOOK, shared).credentialId).toBeNull();
		expect(tellableOwner(OWNER_A, B, shared).credentialId).toBe('a');
	});

	it('is nothing where nobody is known', () => {
		expect(tellableOwner(null, B, NOT_HIDDEN)).toMatchObject({
			credentialId: null,
			elsewhere: false,
		});
	});
});
