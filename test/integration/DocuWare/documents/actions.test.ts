import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { operation, useNode } from '../node/support/nodeFixture';
import { action, read, stored } from './support/actions';
import { codeOf, INVOICES } from './support/uploads';

const { start } = useNode();

const errors = (items: readonly INodeExecutionData[]) =>
	items.map(({ json }) => (json.error as { code?: string } | undefined)?.code);

describe('a document', () => {
	it('is deleted to the trash bin; one that is not there is an error for its item alone', async () => {
		const fixture = await start();
		const { run } = fixture;
		const [one, other] = [await stored(fixture), await stored(fixture)];
		const { items } = await run(action('delete', '={{ $json.id }}'), {
			items: [one, 4711, other].map((number) => ({ json: { id: number } })),
			continueOnFail: true,
		});
		expect(errors(items)).toEqual([undefined, 'DOCUWARE_NOT_FOUND', undefined]);
		expect(items[0]?.json).toEqual({ deleted: true, documentId: one, fileCabinetId: INVOICES });
		await expect(read(fixture, one)).rejects.toMatchObject(codeOf('DOCUWARE_NOT_FOUND'));
		const bin = await run(operation('trashBin', 'search', { returnAll: true }));
		expect(bin.items).toHaveLength(2);
	});

	it('is refused to whoever lacks the right, before anything is changed', async () => {
		const fixture = await start();
		const number = await stored(fixture);
		const credentials = fixture.credential({
			userName: 'reader',
			password: 'look, do not touch',
		});
		for (const name of ['delete', 'lock', 'setApplicationProperties', 'unclip']) {
			const more = { applicationProperties: { property: [{ name: 'a', value: '1' }] } };
			await expect(fixture.run(action(name, number, more), { credentials })).rejects.toMatchObject(
				codeOf('DOCUWARE_FORBIDDEN'),
			);
		}
		expect(await read(fixture, number)).toMatchObject({ documentId: number });
	});

	it('is locked for others, who are told by whom, until it is unlocked', async () => {
		const fixture = await start();
		const number = await stored(fixture);
		await fixture.run(action('lock', number, { lockMinutes: 30 }));
		const credentials = fixture.credential({
			userName: 'peggy.jenkins',
			password: 'correct horse',
		});
		await expect(fixture.run(action('delete', number), { credentials })).rejects.toMatchObject(
			codeOf('DOCUWARE_LOCKED'),
		);
		await fixture.run(action('unlock', number));
		await fixture.run(action('delete', number), { credentials });
	});

	it('keeps application properties; an empty value never deletes one', async () => {
		const fixture = await start();
		const { run } = fixture;
		const number = await stored(fixture);
		const set = (property: IDataObject[], deletedProperties = '') =>
			run(
				action('setApplicationProperties', number, {
					applicationProperties: { property },
					deletedProperties,
				}),
			);
		await set([
			{ name: 'exportedAt', value: '2026-11-26' },
			{ name: 'by', value: 'n8n' },
		]);
		await expect(set([{ name: 'by', value: '' }])).rejects.toMatchObject(
			codeOf('DOCUWARE_INVALID_PARAMETER'),
		);
		const changed = await set([{ name: 'by', value: 'api' }], 'exportedAt');
		expect(changed.items[0]?.json.properties).toEqual({ by: 'api' });
		const { items } = await run(action('getApplicationProperties', number));
		expect(items[0]?.json.properties).toEqual({ by: 'api' });
	});

	it('whose change has no answer is in doubt, and the change is not sent again', async () => {
		const fixture = await start();
		const number = await stored(fixture);
		fixture.simulator.faults.push({ kind: 'lostAnswer', where: { method: 'DELETE' } });
		await expect(fixture.run(action('delete', number))).rejects.toMatchObject(
			codeOf('DOCUWARE_WRITE_UNCONFIRMED'),
		);
		const { requests } = fixture.simulator.counters;
		const deletions = Object.entries(requests).filter(([route]) => route.startsWith('DELETE'));
		expect(deletions.map(([, count]) => count)).toEqual([1]);
	});
});

describe('what is known of a document', () => {
	it('are its links and the documents behind them', async () => {
		const fixture = await start();
		const { run } = fixture;
		const numbers: unknown[] = [];
		for (let count = 0; count < 3; count += 1) {
			const number = await stored(fixture);
			await run(
				action('updateIndexFields', number, { dataMode: 'json', json: '{"COMPANY": "Peters"}' }),
			);
			numbers.push(number);
		}
		const links = await run(action('getLinks', numbers[0]));
		expect(links.items.map(({ json }) => json.isInvalid)).toEqual([false, true]);
		const linked = await run(action('getLinks', numbers[0], { returnLinks: 'documents' }));
		expect(linked.items.map(({ json }) => json.documentId)).toEqual(numbers.slice(1));
	});

	it('are its rights, suggestions, audit and workflows', async () => {
		const fixture = await start();
		const { run, simulator } = fixture;
		const number = await stored(fixture, INVOICES, 'Company: Peters\nAmount: 12.5');
		const credentials = fixture.credential({ userName: 'reader', password: 'look, do not touch' });
		const rights = await run(action('getRights', number), { credentials });
		expect(rights.items[0]?.json).toMatchObject({
			rights: ['General_Search', 'General_DisplayDocument'],
			missing: expect.arrayContaining(['General_DeleteDocuments']),
		});
		const suggested = await run(action('getSuggestions', number));
		expect(suggested.items[0]?.json.suggestions).toContainEqual({
			field: 'COMPANY',
			label: 'Company',
			confidence: 'Green',
			value: 'Peters',
			values: ['Peters'],
		});
		const audit = await run(action('getHistory', number, { history: 'audit' }));
		expect(audit.items[0]?.json).toMatchObject({ event: 'DocumentStored', user: 'api' });
		expect((await run(action('getHistory', number))).items).toEqual([]);
		simulator.state.workflows.add({
			id: 'be39345c-af7e-521e-81ca-12fc4b8c7d02',
			workflowId: '0c135ffb-1616-4607-9d9f-f3ea7789de12',
			name: 'Approval',
			version: 2,
			fileCabinetId: INVOICES,
			documentId: number,
			startedAt: 0,
			steps: [{ at: 0, activity: 'Check', type: 'Task', userName: 'Peggy', decision: 'Approve' }],
		});
		const { items } = await run(action('getHistory', number));
		expect(items[0]?.json).toMatchObject({
			workflowName: 'Approval',
			steps: [{ number: 1, activity: 'Check', info: { DecisionName: 'Approve' } }],
		});
		const { workflowId, instanceId } = items[0]?.json ?? {};
		const steps = await run(
			operation('workflow', 'getHistory', { workflowId, instanceId } as IDataObject),
		);
		expect(steps.items[0]?.json).toMatchObject({ workflowName: 'Approval', instanceId });
	});
});
