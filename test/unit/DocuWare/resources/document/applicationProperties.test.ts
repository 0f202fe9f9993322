import type { IDataObject } from 'n8n-workflow';
import type { FakeAnswer } from '../support/fakeSession';
import { at, DOCUMENT, ofDocument, place, runDocument as run } from './support/runDocument';

describe('application properties', () => {
	const answer: FakeAnswer = {
		body: { DocumentApplicationProperty: [{ Name: 'a', Value: '1' }, { Name: 'b' }, 7] },
	};

	it('are read as names and values', async () => {
		const { rows, last } = await run('getApplicationProperties', [DOCUMENT, answer]);
		expect(last?.call).toBe(`GET ${at('Documents/18/DocumentApplicationProperties')}`);
		expect(rows).toEqual([{ json: { ...place, properties: { a: '1', b: null } } }]);
	});

	const set = (property: IDataObject[], deletedProperties: unknown = '') => ({
		...ofDocument,
		applicationProperties: { property },
		deletedProperties: deletedProperties as string,
	});

	it('are set and, where it is said, deleted', async () => {
		const pairs = [{ name: 'a', value: '1' }];
		const { last, rows } = await run(
			'setApplicationProperties',
			[DOCUMENT, answer],
			set(pairs, 'c, d'),
		);
		expect(last).toMatchObject({
			call: `POST ${at('Documents/18/DocumentApplicationProperties')}`,
			body: {
				DocumentApplicationProperty: [
					{ Name: 'a', Value: '1' },
					{ Name: 'c', Value: null },
					{ Name: 'd', Value: null },
				],
			},
		});
		expect(rows[0]?.json).toMatchObject({ set: ['a'], deleted: ['c', 'd'] });
	});

	it.each([
		['an empty value', [{ name: 'a', value: '' }], '', 'DocuWare would delete the property'],
		[
			'a name twice',
			[
				{ name: 'a', value: '1' },
				{ name: 'a', value: '2' },
			],
			'',
			'given twice',
		],
		['a name in both', [{ name: 'a', value: '1' }], ['a'], 'to be set and deleted'],
		['nothing', [], '', 'No property is to be set'],
	])('send nothing for %s', async (_case, pairs, deleted, message) => {
		await expect(run('setApplicationProperties', [], set(pairs, deleted))).rejects.toMatchObject({
			code: 'DOCUWARE_INVALID_PARAMETER',
			message: expect.stringContaining(message),
		});
	});
});
