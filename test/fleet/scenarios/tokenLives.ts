import type { Fleet } from '../support/fleet';
import { expectOnePostPerLife, overTokenLives } from '../support/overTokenLives';
import { SIZE } from '../support/size';

/** The ordinary day: executions on all workers, while tokens end. */
export function tokenLives(fleet: () => Fleet): void {
	it('over many token lives there is one token request each, and one log-on at DocuWare', async () => {
		const outcome = await overTokenLives(fleet(), 'Token lives', (lives) => lives < SIZE.lives);
		expectOnePostPerLife(outcome, SIZE.lives);
		expect(Object.keys(outcome.workers).sort()).toEqual(fleet().workers.map(({ name }) => name));
		const { logOns, licences } = fleet().docuWare.counters;
		expect({ logOns, licences }).toMatchObject({
			logOns: { password: 1, token: 0 },
			licences: { maxInUse: 1, maxBlocked: 1, refused: 0 },
		});
	});
}
