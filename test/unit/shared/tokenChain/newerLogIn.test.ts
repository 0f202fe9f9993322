import * as fc from 'fast-check';

import { isNewer } from '../../../../nodes/shared/tokenChain/merging';
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

describe('whether a newcomer takes the place of the pair of the record', () => {
	const refreshed = { generation: 2, receivedAt: 1_300 };

	it('never by what is claimed of its log-in, whatever that is', () => {
		fc.assert(
			fc.property(fc.integer(), fc.integer(), fc.boolean(), (originAt, requestedAt, broken) => {
				const newcomer = record({ originAt, requestedAt, receivedAt: requestedAt });
				const state = broken ? 'broken' : 'active';
				expect(isNewer(newcomer, { ...target, state })).toBe(false);
			}),
		);
	});

	it('if the service has accepted it after the last answer to the record', () => {
		expect(isNewer(record({ ...refreshed, requestedAt: 1_200 }), target)).toBe(true);
		expect(isNewer(record({ ...refreshed, requestedAt: 1_200, originAt: 500 }), target)).toBe(true);
	});

	it('if the record is broken and the service has accepted it', () => {
		const broken = { ...target, state: 'broken' as const };
		expect(isNewer(record({ ...refreshed, requestedAt: 1 }), broken)).toBe(true);
	});

	it('not if it is known to be dead', () => {
		const dead = record({ ...refreshed, requestedAt: 1_200, state: 'broken' });
		expect(isNewer(dead, target)).toBe(false);
	});

	it('not if only the answer to its refresh came afterwards', () => {
		expect(isNewer(record({ ...refreshed, requestedAt: 990 }), target)).toBe(false);
	});
});
