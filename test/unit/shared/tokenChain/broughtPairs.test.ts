import {
	knownToken,
	rememberVerdict,
} from '../../../../nodes/shared/tokenChain/authorizationMemory';
import { rememberToken } from '../../../../nodes/shared/tokenChain/memory';
import type { Presentation } from '../../../../nodes/shared/tokenChain/presentation';
import type { ChainContext } from '../../../../nodes/shared/tokenChain/types';
import type { Vault } from '../../../../nodes/shared/vault/vault';

const vault = { vaultId: 'many' } as unknown as Vault;
const chain = { vault, policy: { refreshFrom: 0.95 } } as unknown as ChainContext;

function remember(name: string, from: 'broughtPair' | 'record', generation = 1) {
	const record = { id: name.split('|')[0], generation, state: 'active' };
	const presentation = {
		...{ record, verdict: { welcome: true, changed: false, recheckInMs: null } },
		...{ access: { from } },
	} as unknown as Presentation;
	rememberVerdict(vault, name, presentation);
}

it('a token that came after the pair an authorization brought is not for it, however many others there are', () => {
	remember('record|stranger', 'broughtPair');
	for (let n = 0; n < 1_001; n += 1) remember(`other ${n}|first`, 'broughtPair');
	// The service has accepted the pair of somebody else, and another flight has remembered its token.
	rememberToken(vault, {
		...{ recordId: 'record', generation: 2, accessToken: 'the owner’s', lifeMs: 600_000 },
		...{ requestedAt: performance.now(), receivedAt: performance.now(), ageUncertain: false },
	});
	expect(knownToken(chain, 'record|stranger', 'normal')?.accessToken).toBeUndefined();
	expect(knownToken(chain, 'record|stranger', 'normal', 'checkIsDue')).toBeUndefined();
});
