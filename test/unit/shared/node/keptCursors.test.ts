import {
	CursorStore,
	type CursorVault,
	type PendingCursor,
} from '../../../../nodes/shared/node/keptCursors';

const DAY = 86_400_000;

const PLACE = ['instance', 'workflow', 'node', 'accounts'];

/** A vault in which each item reads as this, and nothing that is written by compare-and-set is kept. */
function vaultOf(
	value: string | undefined,
	updatedAt = 0,
): { vault: CursorVault; writes: () => number } {
	let writes = 0;
	const item = value === undefined ? undefined : { value, version: 1, updatedAt };
	const vault: CursorVault = {
		read: async () => await Promise.resolve(item as never),
		write: async () => {
			writes += 1;
			return await Promise.resolve(false as never);
		},
	};
	return { vault, writes: () => writes };
}

it('gives up after many tries that others have won', async () => {
	const { vault, writes } = vaultOf(undefined);
	const step = () => ({ epoch: 1, start: '', cursor: 1 });
	await expect(new CursorStore(vault).change(PLACE, step)).rejects.toMatchObject({
		...{ code: 'VAULT_LOCKED', retryable: true },
	});
	expect(writes()).toBe(25);
});

it('writes nothing where nothing is to be changed, nor for a run from before a new beginning', async () => {
	const kept = { epoch: 2, start: 'everything', cursor: 7 };
	const { vault, writes } = vaultOf(JSON.stringify(kept));
	const store = new CursorStore(vault);
	expect(await store.change(PLACE, () => undefined)).toEqual(kept);
	const pending: PendingCursor = {
		...{ place: PLACE, node: 'Get Changes', about: 'accounts', round: 0, epoch: 1, cursor: 9 },
	};
	const never = () => {
		throw new Error('Two cursors of different beginnings say nothing about each other.');
	};
	expect(await store.commit(pending, never)).toBe('outdated');
	expect(writes()).toBe(0);
});

it('writes nothing where what is kept stays as it is, unless that would be removed some day', async () => {
	const kept = { epoch: 2, start: 'everything', cursor: { at: 7 } };
	const same = (present: unknown) => ({ ...(present as typeof kept) });
	const fresh = vaultOf(JSON.stringify(kept), Date.now() - 29 * DAY);
	expect(await new CursorStore(fresh.vault).change(PLACE, same)).toEqual(kept);
	expect(fresh.writes()).toBe(0);
	const old = vaultOf(JSON.stringify(kept), Date.now() - 31 * DAY);
	await expect(new CursorStore(old.vault).change(PLACE, same)).rejects.toMatchObject({
		code: 'VAULT_LOCKED',
	});
	expect(old.writes()).toBeGreaterThan(0);
});

it.each(['', 'no json', '[]', '{"epoch":"1"}'])('takes %j for no cursor', async (value) => {
	expect(await new CursorStore(vaultOf(value).vault).read(PLACE)).toBeUndefined();
});
