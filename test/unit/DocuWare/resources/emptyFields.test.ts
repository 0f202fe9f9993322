import type { IDataObject } from 'n8n-workflow';
import { resources } from '../../../../nodes/DocuWare/resources';
import { fieldsWithoutGaps } from '../../../../nodes/shared/node/operation';
import { leafFields, putAt } from '../../shared/node/support/leafFields';
import { FakeSession } from './support/fakeSession';
import { runOperation } from './support/runOperation';

const cases = resources.flatMap(({ value: resource, operations }) =>
	operations.flatMap(({ value: operation, ...one }) =>
		// The rows of index fields are dealt with as Empty Values says (documents/indexFieldsInEngine.test.ts).
		leafFields(fieldsWithoutGaps(one)).map(
			(leaf) => [resource, operation, leaf.path.join('.'), leaf] as const,
		),
	),
);

it('there are many fields to try', () => {
	expect(cases.length).toBeGreaterThan(40);
});

it.each(cases)(
	'%s: %s: %s: an expression that gives nothing sends nothing',
	async (resource, operation, _path, { path, shownBy }) => {
		const parameters: IDataObject = { resource, operation, path: 'FileCabinets', method: 'POST' };
		for (const [shown, value] of shownBy) putAt(parameters, shown, value);
		putAt(parameters, path, '={{ $json.none }}');
		const session = new FakeSession([{}]);
		const items = [{ json: {}, binary: { data: { data: 'QQ==', mimeType: 'text/plain' } } }];
		await expect(runOperation(session, { parameters, items })).rejects.toMatchObject({
			code: 'DOCUWARE_EMPTY_VALUE',
			message: expect.stringContaining('item 0') as string,
		});
		expect([session.requests, session.calls]).toEqual([[], []]);
	},
);
