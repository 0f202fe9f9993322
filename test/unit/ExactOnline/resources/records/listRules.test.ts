import { searchRecords } from '../../../../../nodes/ExactOnline/methods/listSearch';
import { locator, loadContext } from '../../../../support/n8nContext';
import { list, odataError, type SeenRequest } from '../../api/support/exactServer';
import { ID, useRecordNode } from '../support/recordNode';

jest.mock('../../../../../nodes/ExactOnline/auth/nodeAccessTokenSource');

const { node, run, server } = useRecordNode();

const TEXT =
	'This endpoint has mandatory filtering applied. A GET request for this endpoint must have a ' +
	'$filter parameter with one of the following fields in the url: ';

const KEY = "(ID ne guid'00000000-0000-0000-0000-000000000000')";

const filterOf = ({ target }: SeenRequest) => /\$filter=([^&]*)/.exec(target)?.[1] ?? '';

const filters = () => server.requests.map(filterOf);

/** Answers lists whose filter names one of these fields. */
function answerWith(fields: string): void {
	const names = new RegExp(`\\b(?:${fields.replace(/, /g, '|')})\\b`);
	server.answer((request) =>
		names.test(filterOf(request).replace(/'[^']*'/g, ''))
			? list([{ ID }])
			: odataError(400, TEXT + fields),
	);
}

const contacts = (field: string, value: string) => ({
	...{ resource: 'contact', operation: 'getAll' },
	filters: { conditions: [{ field, operator: 'eq', value }] },
});

// Red before: a rule was met only where nothing was asked for.
it('a rule that an answer tells is met beside a filter, and remembered', async () => {
	answerWith('ID, Modified');
	await expect(run(contacts('City', 'ID'))).resolves.toHaveLength(1);
	await expect(run(contacts('City', 'Gent'))).resolves.toHaveLength(1);
	await expect(run(contacts('ID', ID))).resolves.toHaveLength(1);
	expect(filters()).toEqual([
		"City eq 'ID'",
		`(City eq 'ID') and ${KEY}`,
		`(City eq 'Gent') and ${KEY}`,
		`ID eq guid'${ID}'`,
	]);
});

it('by the time of the last change where the key is not taken', async () => {
	answerWith('Account, Modified');
	await expect(run(contacts('City', 'Delft'))).resolves.toHaveLength(1);
	await expect(run({ resource: 'contact', operation: 'getAll' })).resolves.toHaveLength(1);
	const any = "Modified ge datetime'1900-01-01T00:00:00'";
	expect(filters()).toEqual(["City eq 'Delft'", `(City eq 'Delft') and (${any})`, any]);
});

it('a rule that cannot be met is told after one more try, and after none once that is known', async () => {
	answerWith('Account, Email');
	await expect(run(contacts('City', 'Delft'))).rejects.toThrow(
		'crm/Contacts on one of these fields: Account, Email',
	);
	await expect(run(contacts('City', 'Delft'))).rejects.toThrow('[EXACT_MANDATORY_FILTER]');
	expect(server.requests).toHaveLength(3);
});

it('a search of a drop-down meets it too', async () => {
	answerWith('ID, Modified');
	const context = loadContext({
		description: node.description,
		credentials: { exactOnlineOAuth2Api: { id: 'cred-1' } },
		parameters: { resource: 'contact', operation: 'get', division: locator('1') },
	});
	const { results } = await searchRecords.call(context, '12');
	expect(results.map(({ value }) => value)).toEqual([ID]);
	expect(filters()[1]).toBe(`(${filters()[0]}) and ${KEY}`);
});

it('a record that is looked for by such a field is found', async () => {
	answerWith('ID, Modified');
	const get = { resource: 'contact', operation: 'get', record: locator('a@b.c', 'byEmail') };
	await expect(run(get)).resolves.toHaveLength(1);
	expect(filters()[1]).toBe(`(Email eq 'a@b.c') and ${KEY}`);
});
