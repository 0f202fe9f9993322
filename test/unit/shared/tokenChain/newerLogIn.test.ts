import { isNewer } from '../../../../nodes/shared/tokenChain/adoption';
import type { VaultRecord } from '../../../../nodes/shared/vault/rows/records';

function record(changes: Partial<VaultRecord>): VaultRecord {
	return {
		id: 'r',
		service: 'exactonline',
		identity: 'i',
		provisional: false,
		generation: 1,
		state: 'active',
		brokenCode: null,
		sealed: '',
		meta: {},
		requestedAt: null,
		receivedAt: null,
		originAt: null,
		owner: null,
		...changes,
	};
}

const target = record({ originAt: 1_000, requestedAt: 1_000, receivedAt: 1_000 });

describe('which of two log-ins is alive (docs/facts/exact-online.md 1.5)', () => {
	it('is the later one', () => {
		expect(isNewer(record({ originAt: 1_001 }), target)).toBe(true);
		expect(isNewer(record({ originAt: 999 }), target)).toBe(false);
	});

	it('is never the one that is known to be dead', () => {
		expect(isNewer(record({ originAt: 1 }), { ...target, state: 'broken' })).toBe(true);
		expect(isNewer(record({ originAt: 2_000, state: 'broken' }), target)).toBe(false);
	});

	it('is the earlier one if it was refreshed after the other was there', () => {
		const refreshed = { originAt: 500, generation: 2, receivedAt: 1_300 };
		expect(isNewer(record({ ...refreshed, requestedAt: 1_200 }), target)).toBe(true);
	});

	it('is not the earlier one if only the answer to its refresh came afterwards', () => {
		const refreshed = { originAt: 500, generation: 2, receivedAt: 1_300 };
		expect(isNewer(record({ ...refreshed, requestedAt: 990 }), target)).toBe(false);
	});
});
