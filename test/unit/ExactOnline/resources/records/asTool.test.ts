import { list } from '../../api/support/exactServer';
import { ID, useRecordNode } from '../support/recordNode';

jest.mock('../../../../../nodes/ExactOnline/auth/nodeAccessTokenSource');

const { run, server } = useRecordNode();

describe('as a tool of an AI agent', () => {
	const asTool = { nodeType: 'n8n-nodes-exactonline-docuware.exactOnlineTool' };
	const writes = ['create', 'update', 'upsert', 'delete'];

	it.each(writes)('%s is refused unless a person has switched it on', async (operation) => {
		server.answer([]);
		await expect(run({ operation }, asTool)).rejects.toThrow(
			/unless Allow Changes as a Tool is on\. \[EXACT_NOT_FOR_AI\]/,
		);
		expect(server.requests).toEqual([]);
	});

	it('reads are allowed', async () => {
		server.answer([list([{ ID }])]);
		await expect(run({ operation: 'getAll' }, asTool)).resolves.toHaveLength(1);
	});

	// Red before: fifty divisions.
	it.each(['account', 'openReceivable', 'stockPosition', 'division'])(
		'a list of %s has twenty rows',
		async (resource) => {
			const rows = Array.from({ length: 60 }, () => ({ ID, Code: 1, CurrentDivision: 1 }));
			server.answer(() => list(rows));
			const items = await run({ resource, operation: 'getAll' }, asTool);
			expect(items).toHaveLength(20);
		},
	);
});
