/**
 * Imported by the test of the mutations, after `modelMocks`: functions of the package that a mutation
 * replaces. Each is the real one unless its mutation is on.
 */
import type { Mutation } from './modelMutations';

type Access = typeof import('../../../../../nodes/shared/tokenChain/access');
type Guard = typeof import('../../../../../nodes/shared/tokenChain/duplicateGuard');
type Limits = typeof import('../../../../../nodes/shared/tokenChain/requestLimits');
type Proving = typeof import('../../../../../nodes/shared/tokenChain/proving');
type SecretSaves = typeof import('../../../../../nodes/shared/vault/spending/secretSave');
type Attempts = typeof import('../../../../../nodes/shared/vault/spending/attempt');
type LastSecrets = typeof import('../../../../../nodes/shared/vault/spending/lastSecrets');

function isOn(mutation: Mutation): boolean {
	const { brokenOnPurpose } =
		jest.requireActual<typeof import('./modelMutations')>('./modelMutations');
	return brokenOnPurpose.mutation === mutation;
}

jest.mock('../../../../../nodes/shared/tokenChain/access', () => {
	const real = jest.requireActual<Access>('../../../../../nodes/shared/tokenChain/access');
	const decideAccess: Access['decideAccess'] = (accessCase) => {
		const { access, notes } = real.decideAccess(accessCase);
		const isNewcomers = access.from === 'rival' || access.from === 'nothing';
		const isOwn = access.from === 'record' || access.from === 'broughtPair';
		if (isOwn || !isOn(isNewcomers ? 'newcomerServed' : 'anySecretServed')) {
			return { access, notes };
		}
		return { access: { from: 'record', proved: false }, notes };
	};
	const isSomebodyWaiting: Access['isSomebodyWaiting'] = (...facts) =>
		!isOn('nobodyLeavesTime') && real.isSomebodyWaiting(...facts);
	return { ...real, decideAccess, isSomebodyWaiting };
});

jest.mock('../../../../../nodes/shared/tokenChain/duplicateGuard', () => {
	const real = jest.requireActual<Guard>('../../../../../nodes/shared/tokenChain/duplicateGuard');
	const judge: Guard['judge'] = (guardCase) =>
		real.judge(isOn('takeOverUnproved') ? { ...guardCase, unproved: false } : guardCase);
	return { ...real, judge };
});

jest.mock('../../../../../nodes/shared/tokenChain/requestLimits', () => {
	const real = jest.requireActual<Limits>('../../../../../nodes/shared/tokenChain/requestLimits');
	const exhaustedUntil: Limits['exhaustedUntil'] = (facts, spendsOwn) =>
		isOn('limitsForgotten') ? undefined : real.exhaustedUntil(facts, spendsOwn);
	const secretsRefusedUntil: Limits['secretsRefusedUntil'] = (facts, rival) =>
		isOn('limitsForgotten') ? -Infinity : real.secretsRefusedUntil(facts, rival);
	return { ...real, exhaustedUntil, secretsRefusedUntil };
});

jest.mock('../../../../../nodes/shared/tokenChain/proving', () => {
	const real = jest.requireActual<Proving>('../../../../../nodes/shared/tokenChain/proving');
	const proveRival: Proving['proveRival'] = async (chain, accepted, rival, staysBeside) => {
		if (!isOn('acceptedUnasked')) {
			return await real.proveRival(chain, accepted, rival, staysBeside);
		}
		const [, userId = ''] = accepted.record.identity.split('#');
		const whoAmI = async () => await Promise.resolve({ userId, userName: null });
		const unasked = { vault: chain.vault, policy: { ...chain.policy, whoAmI } };
		return await real.proveRival(unasked, accepted, rival, staysBeside);
	};
	return { ...real, proveRival };
});

jest.mock('../../../../../nodes/shared/vault/spending/lastSecrets', () => {
	const real = jest.requireActual<LastSecrets>(
		'../../../../../nodes/shared/vault/spending/lastSecrets',
	);
	const rememberedSave: LastSecrets['rememberedSave'] = (vaultId, recordId) =>
		isOn('nothingRemembered') ? undefined : real.rememberedSave(vaultId, recordId);
	return { ...real, rememberedSave };
});

jest.mock('../../../../../nodes/shared/vault/spending/secretSave', () => {
	const real = jest.requireActual<SecretSaves>(
		'../../../../../nodes/shared/vault/spending/secretSave',
	);
	const lateSaveTarget: SecretSaves['lateSaveTarget'] = function* (save) {
		const target = yield* real.lateSaveTarget(save);
		return target?.provesNothing === true && isOn('signpostDropped') ? undefined : target;
	};
	return { ...real, lateSaveTarget };
});

jest.mock('../../../../../nodes/shared/vault/spending/attempt', () => {
	const real = jest.requireActual<Attempts>('../../../../../nodes/shared/vault/spending/attempt');
	const runAttempt: Attempts['runAttempt'] = async (...request) => {
		const result = await real.runAttempt(...request);
		if (result === 'leaseLost' && isOn('leaseLostEnds')) throw new Error('stood still');
		return result;
	};
	return { ...real, runAttempt };
});

jest.mock('../../../../../nodes/shared/vault/spending/spill', () => {
	const { modelSpill } = jest.requireActual<typeof import('../../../support/modelDisk')>(
		'../../../support/modelDisk',
	);
	const readSpills: typeof modelSpill.readSpills = async (folders, vaultId) =>
		isOn('spillsUnread') ? [] : await modelSpill.readSpills(folders, vaultId);
	return { ...modelSpill, readSpills };
});
