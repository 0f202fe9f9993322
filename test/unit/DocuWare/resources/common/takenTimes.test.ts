import { PlatformClient } from '../../../../../nodes/DocuWare/api/platformClient';
import { withTimesAsTaken } from '../../../../../nodes/DocuWare/resources/common/takenTimes';
import type { ConditionList } from '../../../../../nodes/DocuWare/search/expression';
import { ConnectorError } from '../../../../../nodes/shared/errors';
import { FakeSession } from '../support/fakeSession';

const list: ConditionList = {
	operation: 'And',
	conditions: [{ DBName: 'RECEIVED', Value: ['2026-02-28T10:00:00Z', null], isTime: true }],
};

/** A server that takes times in one form, which a test may change; what it was asked with. */
class TimedServer {
	readonly asked: Array<string | null> = [];

	constructor(public takes: 'zoned' | 'plain' | 'none') {}

	async search(client: PlatformClient): Promise<Record<string, unknown>> {
		return await withTimesAsTaken(client, list, async ({ conditions }) => {
			const time = conditions[0]?.Value[0] ?? null;
			this.asked.push(time);
			const form = time?.endsWith('Z') ? 'zoned' : 'plain';
			if (form === this.takes) return { Items: [], TimeStamp: '/Date(0)/' };
			throw new ConnectorError('DOCUWARE_VALIDATION', `No ${form} times.`, { repair: 'None.' });
		});
	}
}

it('times go in the form that the server takes, also where that changes, and back', async () => {
	const client = new PlatformClient(new FakeSession());
	const server = new TimedServer('plain');
	const [zoned, plain] = ['2026-02-28T10:00:00Z', '2026-02-28T10:00:00'];
	await server.search(client);
	await server.search(client);
	expect(server.asked).toEqual([zoned, plain, plain]);
	server.takes = 'zoned';
	await server.search(client);
	await server.search(client);
	expect(server.asked.slice(3)).toEqual([plain, zoned, zoned]);
	server.takes = 'plain';
	await server.search(client);
	expect(server.asked.slice(6)).toEqual([zoned, plain]);
	server.takes = 'none';
	await expect(server.search(client)).rejects.toMatchObject({ message: 'No plain times.' });
	expect(server.asked.slice(8)).toEqual([plain, zoned]);
});
