import { confirmPending } from '../../../../../nodes/ExactOnline/resources/changes/begin';
import type { ChangeCursor } from '../../../../../nodes/ExactOnline/resources/changes/cursor';
import { CursorStore, type PendingCursor } from '../../../../../nodes/shared/node/keptCursors';

const RUN = { instance: 'i', workflow: 'w', execution: '1' };

it.each<[string, ChangeCursor, ChangeCursor]>([
	[
		'sync',
		{
			...{ kind: 'sync', changes: '7', lines: '0', deletions: '5', deletionsAt: 1 },
			told: { changes: [['8', 12]] },
		},
		{ kind: 'sync', changes: '7', lines: '0', deletions: '5', deletionsAt: 1 },
	],
	[
		'modified',
		{ kind: 'modified', modified: '2026-04-07T00:00:00', seen: ['a', 'b'] },
		{ kind: 'modified', modified: '2026-04-07T00:00:00', seen: [] },
	],
])('the note of a confirmed reading by %s is short', async (_kind, cursor, short) => {
	const commit = jest.spyOn(CursorStore.prototype, 'commit').mockResolvedValue('confirmed');
	const note = jest.spyOn(CursorStore.prototype, 'note').mockResolvedValue();
	const pending: PendingCursor = {
		...{ place: ['i', 'w', 'n'], node: 'Get Changes', about: 'accounts', round: 0, epoch: 1 },
		cursor,
	};
	const store = new CursorStore({} as never);
	expect(await confirmPending(store, RUN, pending)).toBe('confirmed');
	expect(commit).toHaveBeenCalledWith(pending, expect.any(Function));
	expect(note).toHaveBeenCalledWith(RUN, { ...pending, cursor: short }, true);
	jest.restoreAllMocks();
});
