import { chainMemory } from '../../../../nodes/shared/tokenChain/memory';
import { writeMeta } from '../../../../nodes/shared/vault/rows/meta';
import { MOVED_TO_NOTE } from '../../../../nodes/shared/vault/rows/movedTo';
import { connect, failureOf } from '../../../support/chain/chainFixture';
import { useChain } from '../../../support/chain/useChain';

const bench = useChain();

it.each([
	['sealed anew with another key', 'key_check', 'of another key', 'VAULT_KEY_ROTATED'],
	[
		'moved to another place',
		MOVED_TO_NOTE,
		JSON.stringify({ location: 'elsewhere', moveId: 'a move' }),
		'VAULT_MOVED',
	],
])(
	'a process whose vault was %s stops, also with a good token, and spends nothing',
	async (_, note, value, code) => {
		const { chain, vault } = await bench.open();
		const authorization = connect(bench.simulator);
		await chain.getToken(authorization, 'normal');
		await vault.write(() => writeMeta(note, value));
		for (const known of chainMemory().authorizations.values()) known.checkUntil = 0;
		expect(await failureOf(chain.getToken(authorization, 'normal'))).toMatchObject({ code });
		expect(await failureOf(chain.refreshNow(authorization))).toMatchObject({ code });
		expect(bench.simulator.counters.tokenPosts).toBe(0);
	},
);
