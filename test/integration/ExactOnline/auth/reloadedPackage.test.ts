import { connect, passTime } from '../../../support/chain/chainFixture';
import type * as Store from '../../../support/chain/chainStore';
import { useChain } from '../../../support/chain/useChain';

const bench = useChain();

/** The package's modules loaded anew, as n8n does when the package is updated while it runs. */
function loadCopy(): typeof Store {
	let copy: typeof Store | undefined;
	jest.isolateModules(() => {
		copy = jest.requireActual<typeof Store>('../../../support/chain/chainStore');
	});
	return copy!;
}

it('an update of the package during a refresh does not spend the refresh token twice', async () => {
	const { simulator } = bench;
	const before = loadCopy();
	const old = await before.openChain(bench.store);
	const after = loadCopy();
	expect(after.openChain).not.toBe(before.openChain);
	const updated = await after.openChain(bench.store);
	try {
		const authorization = connect(simulator);
		await old.chain.getToken(authorization, 'normal');
		await passTime(simulator, old, authorization, 601);
		const hold = simulator.hold('tokenProcessed');
		const first = old.chain.getToken(authorization, 'normal');
		const held = await hold.waiting();
		const second = updated.chain.getToken(authorization, 'normal');
		held.release();
		const [one, other] = await Promise.all([first, second]);
		expect(other.accessToken).toBe(one.accessToken);
		expect(other.generation).toBe(2);
		expect(simulator.counters.tokenPosts).toBe(1);
		// The old copy's memory is the new copy's memory: a fresh token needs no look into the store.
		const read = jest.spyOn(updated.vault.database, 'read');
		await updated.chain.getToken(authorization, 'normal');
		expect(read).not.toHaveBeenCalled();
	} finally {
		await updated.close();
		await old.close();
	}
});
