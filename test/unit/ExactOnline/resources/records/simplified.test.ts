import type { ItemCall } from '../../../../../nodes/shared/node/operation';
import {
	endpointSummaries,
	readEndpoint,
} from '../../../../../nodes/ExactOnline/catalogue/catalogue';
import { FIRST_CLASS } from '../../../../../nodes/ExactOnline/catalogue/firstClass';
import {
	outputJson,
	readOutput,
	recordRow,
} from '../../../../../nodes/ExactOnline/resources/records/outputFields';
import { executeContext } from '../../../../support/n8nContext';

const { context } = executeContext();
const item = { context, itemIndex: 0 } as ItemCall;

/** A row of an endpoint with a value in each field. */
function rowOf(path: string) {
	const names = [...readEndpoint(path).fields.keys()];
	return Object.fromEntries(names.map((name) => [name, `of ${name}`]));
}

const functions = FIRST_CLASS.filter(({ endpoint }) => readEndpoint(endpoint).key.length === 0);

it.each(FIRST_CLASS.filter((data) => !functions.includes(data)))(
	'a simplified $name carries its key first or last in lists, by itself recordId behind code and name, within ten fields',
	(data) => {
		const endpoint = readEndpoint(data.endpoint);
		const plan = readOutput(item, endpoint, data);
		const listed = Object.keys(outputJson(plan, rowOf(data.endpoint)));
		const { keyNames } = endpoint;
		const stand = [listed.slice(0, keyNames.length), listed.slice(-keyNames.length)];
		expect(stand).toContainEqual([...keyNames]);
		const { json } = recordRow(plan, rowOf(data.endpoint));
		const known = Object.keys(json).filter((name) => name === 'Code' || name === 'Name');
		expect(Object.keys(json).slice(0, known.length + 1)).toEqual([...known, 'recordId']);
		expect(json.recordId).not.toBeNull();
		expect(Object.keys(json).length).toBeLessThanOrEqual(10);
	},
);

it('a row without a key tells what it is of', () => {
	expect(functions.map(({ value }) => value)).toEqual(['stockPosition']);
	const [data] = functions;
	const plan = readOutput(item, readEndpoint(data!.endpoint), data);
	expect(Object.keys(outputJson(plan, rowOf(data!.endpoint)))[0]).toBe('ItemId');
	expect(data?.all?.simple[0]).toBe('ItemId');
});

it('so does a row of every other endpoint that has a key', () => {
	for (const { path, keyNames } of endpointSummaries().values()) {
		const json = outputJson(readOutput(item, readEndpoint(path)), rowOf(path));
		expect({ path, names: Object.keys(json) }).toEqual({
			path,
			names: expect.arrayContaining([...keyNames]) as unknown,
		});
	}
});
