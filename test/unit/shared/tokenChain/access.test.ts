import * as fc from 'fast-check';

import type { AccessCase } from '../../../../nodes/shared/tokenChain/access';
import { decideAccess, isSomebodyWaiting } from '../../../../nodes/shared/tokenChain/access';
import type { Proof, ProofKind } from '../../../../nodes/shared/vault/rows/proofs';

const KINDS: ProofKind[] = [
	...([
		'authorization',
		'replaced',
		'secret',
		'use',
		'served',
		'waits',
		'share',
		'takeOver',
	] as const),
];

const name = fc.constantFrom('a', 'b', 'c');

const proof: fc.Arbitrary<Proof> = fc.record({
	kind: fc.constantFrom(...KINDS),
	subject: fc.oneof(name, fc.constant('["a","x",null]')),
	detail: fc.constantFrom(null, '1', '2'),
	notedAt: fc.integer({ min: 0, max: 100 }),
});

const accessCase: fc.Arbitrary<AccessCase> = fc.record({
	fingerprint: name,
	secretFingerprint: name,
	presenter: fc.record({ credentialId: fc.constantFrom(null, 'x'), instanceId: fc.constant(null) }),
	record: fc.record({
		provisional: fc.constant(false),
		generation: fc.constantFrom(1, 2),
		meta: fc.record({ firstOf: name, pairOf: name, firstKept: fc.constant(true) }),
	}),
	proofs: fc.array(proof, { maxLength: 6 }),
	rival: fc.constantFrom(
		undefined,
		{ id: 'r', state: 'waiting' as const, note: null },
		{ id: 'r', state: 'setAside' as const, note: 'OLD' },
	),
	refusal: fc.constantFrom(undefined, { code: 'REFUSED', detail: null }),
	isOwners: fc.boolean(),
	isOwnerProved: fc.boolean(),
	sideBySide: fc.boolean(),
	lifeMs: fc.constant(10),
	now: fc.constant(100),
});

function holds(one: AccessCase, kind: ProofKind, subject: string): boolean {
	return one.proofs.some((found) => found.kind === kind && found.subject === subject);
}

function withNotes(one: AccessCase, ...notes: Array<[ProofKind, string]>): AccessCase {
	const added = notes.map(([kind, subject]) => ({ kind, subject, detail: null, notedAt: 1 }));
	return { ...one, proofs: [...one.proofs, ...added] };
}

/** The service has called the pair with which the record began one that it had issued and replaced. */
const wasReplaced = (one: AccessCase) =>
	one.record.meta.firstOf === one.fingerprint && holds(one, 'replaced', one.fingerprint);

/** The owner's credential, after the service has accepted a log-in of it, or called this one replaced. */
const isOwnersWithReason = (one: AccessCase) =>
	one.isOwners && (one.isOwnerProved || holds(one, 'replaced', one.fingerprint));

it('gives nobody a token of the record without proof, but for the pair that he brought', () => {
	fc.assert(
		fc.property(accessCase, (one) => {
			const { access } = decideAccess(one);
			if (['rival', 'nothing', 'refusedSecret'].includes(access.from)) return;
			if (access.from === 'broughtPair') {
				expect(one.record.meta.pairOf).toBe(one.fingerprint);
				return;
			}
			const isEntitled =
				holds(one, 'authorization', one.fingerprint) ||
				wasReplaced(one) ||
				one.record.meta.pairOf === one.fingerprint;
			const mayGoOn = isOwnersWithReason(one) && one.rival?.state !== 'waiting';
			expect(isEntitled || mayGoOn).toBe(true);
		}),
	);
});

it('serves an unproved one that brought the pair without limit only with an accepted client secret', () => {
	fc.assert(
		fc.property(accessCase, (drawn) => {
			const meta = { firstOf: 'first', pairOf: 'first' };
			const first = { ...drawn, fingerprint: 'first', record: { ...drawn.record, meta } };
			const one = withNotes(first, ['secret', 'accepted']);
			if (holds(one, 'authorization', 'first')) return;
			const other = decideAccess({ ...one, secretFingerprint: 'another' }).access;
			expect(other.from).not.toBe('broughtPair');
			const right = decideAccess({ ...one, secretFingerprint: 'accepted' }).access;
			expect(right.from).toBe('broughtPair');
		}),
	);
});

it('gives the first authorization nothing any more after a success with another pair, whatever its secret', () => {
	fc.assert(
		fc.property(accessCase, (drawn) => {
			const meta = { firstOf: 'first', pairOf: 'another', firstKept: true };
			const first = { ...drawn, fingerprint: 'first', record: { ...drawn.record, meta } };
			const one = withNotes(first, ['secret', drawn.secretFingerprint]);
			if (wasReplaced(one) || isOwnersWithReason(one)) return;
			expect(['rival', 'nothing']).toContain(decideAccess(one).access.from);
		}),
	);
});

it('gives a first one that a later log-in has replaced nothing with another client secret', () => {
	fc.assert(
		fc.property(accessCase, (drawn) => {
			const meta = { firstOf: 'first', pairOf: 'another', firstKept: true };
			const record = { ...drawn.record, meta };
			const first = { ...drawn, fingerprint: 'first', secretFingerprint: 'other', record };
			const one = withNotes(first, ['secret', 'accepted'], ['replaced', 'first']);
			if (drawn.rival?.state === 'waiting' || drawn.isOwners) return;
			expect(decideAccess(one).access.from).toBe('nothing');
			const right = { ...one, secretFingerprint: 'accepted' };
			expect(decideAccess(right).access).toMatchObject({ from: 'record' });
		}),
	);
});

it('gives whoever is not proved the pair that it brought, and never one that was set aside', () => {
	fc.assert(
		fc.property(accessCase, (one) => {
			const { access } = decideAccess(one);
			if (access.from === 'rival') expect(one.rival?.state).toBe('waiting');
		}),
	);
});

it('serves a proved authorization with an accepted client secret, whatever else is noted', () => {
	fc.assert(
		fc.property(accessCase, (drawn) => {
			const one = withNotes(
				drawn,
				['authorization', drawn.fingerprint],
				['secret', drawn.secretFingerprint],
			);
			expect(decideAccess(one).access).toEqual({ from: 'record', proved: true });
		}),
	);
});

it('serves another client secret without a refresh of its own only to a credential that had a proved one, or once', () => {
	fc.assert(
		fc.property(accessCase, (drawn) => {
			const other = { ...drawn, secretFingerprint: 'another' };
			const one = withNotes(other, ['authorization', drawn.fingerprint], ['secret', 'accepted']);
			const { access, notes } = decideAccess(one);
			if (one.refusal !== undefined) {
				expect(access.from).toBe('refusedSecret');
			} else if (access.from === 'record') {
				expect(one.presenter.credentialId).not.toBeNull();
			} else if (access.from === 'present') {
				expect(one.sideBySide).toBe(false);
				const isNoted = holds(one, 'served', one.fingerprint);
				expect(isNoted || notes.some(({ kind }) => kind === 'served')).toBe(true);
			} else {
				expect(access.from).toBe('ownRefresh');
			}
		}),
	);
});

it('holds proved credentials back for three token lives at most', () => {
	const waiting: Proof = { kind: 'takeOver', subject: 'a', detail: null, notedAt: 1_000 };
	expect(isSomebodyWaiting([waiting], { lifeMs: 10, now: 1_029 })).toBe(true);
	expect(isSomebodyWaiting([waiting], { lifeMs: 10, now: 1_030 })).toBe(false);
	expect(isSomebodyWaiting([{ ...waiting, kind: 'secret' }], { lifeMs: 10, now: 1_001 })).toBe(
		false,
	);
});
