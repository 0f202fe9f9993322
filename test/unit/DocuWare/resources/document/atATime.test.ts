import type { IDataObject } from 'n8n-workflow';
import { DocuWare } from '../../../../../nodes/DocuWare/DocuWare.node';
import { readAtATime } from '../../../../../nodes/DocuWare/resources/document/atATime';
import type { ItemCall } from '../../../../../nodes/shared/node/operation';
import { executeContext } from '../../../../support/n8nContext';

const atATime = (options: IDataObject) => {
	const parameters = { resource: 'document', operation: 'upload', options };
	const { context } = executeContext({ description: new DocuWare().description, parameters });
	return readAtATime({ context, itemIndex: 0 } as ItemCall);
};

describe('Several at a Time', () => {
	it('is one where nothing is chosen, and at most eight', () => {
		expect(atATime({})).toBe(1);
		expect([1, 2, 8, 9, 1000].map((value) => atATime({ atATime: value }))).toEqual([1, 2, 8, 8, 8]);
	});

	it('is one where what is given is no number of items', () => {
		const none = [0, -3, '', 'many', null, Number.NaN];
		expect(none.map((value) => atATime({ atATime: value }))).toEqual(none.map(() => 1));
	});

	it('takes the text that an expression gives, and whole numbers only', () => {
		const given = ['8', ' 3 ', '12', 2.9, '2.9'];
		expect(given.map((value) => atATime({ atATime: value }))).toEqual([8, 3, 8, 2, 2]);
	});
});
