import {
	startOf,
	type SyncCursor,
} from '../../../../../nodes/ExactOnline/resources/changes/cursor';
import {
	readSync,
	type SyncSource,
} from '../../../../../nodes/ExactOnline/resources/changes/syncReading';

it.each([
	['Timestamp', { ID: 'a' }],
	['ID', { Timestamp: '5' }],
])('a row without its %s is an error and not passed over', async (missing, row) => {
	const source: SyncSource = {
		async *changes() {
			yield await Promise.resolve([row]);
		},
		async *deletions() {
			yield await Promise.resolve([]);
		},
	};
	const plan = { records: { path: 'sync/CRM/Accounts', key: 'ID', isLine: () => false } };
	const options = { limit: Infinity, withDeletions: false, now: 0 };
	const reading = readSync(source, plan, startOf('sync', 0) as SyncCursor, options);
	await expect(reading).rejects.toThrow(`has no ${missing}`);
});
