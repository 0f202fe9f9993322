import type { IDataObject } from 'n8n-workflow';
import { FakeSession, type FakeAnswer } from './support/fakeSession';
import { runOperation } from './support/runOperation';

const ANNA = { Id: 'u-1', Name: 'Anna', Active: true, Links: [] };
const groups = {
	Item: [
		{ Id: 'g-1', Name: 'Accounting', Active: true },
		{ Id: 'g-2', Name: 'Sales', Active: true },
		{ Id: 'g-3', Name: 'Sales', Active: false },
	],
};

async function run(
	resource: string,
	operation: string,
	answers: FakeAnswer[],
	parameters: IDataObject = {},
) {
	const session = new FakeSession(answers);
	const outcome = runOperation(session, { parameters: { resource, operation, ...parameters } });
	return { session, outcome };
}

function locator(mode: string, value: unknown): IDataObject {
	return { __rl: true, mode, value } as IDataObject;
}

const urls = ({ requests }: FakeSession) =>
	requests.map(({ method, url }) => `${method} ${url.split('/Platform/')[1]}`);

describe('lists of users, groups and roles', () => {
	it.each([
		['user', 'GET Organization/Users?Active=false&Name=An', { User: [ANNA] }],
		['group', 'GET Organization/Groups?Active=false&Name=An', { Item: [ANNA] }],
		['role', 'GET Organization/Roles?Active=false&Name=An', { Item: [ANNA] }],
	])('of kind %s ask for what the options say', async (kind, url, body) => {
		const options = { active: 'false', name: ' An ' };
		const { session, outcome } = await run(kind, 'getAll', [{ body }], { options });
		expect((await outcome).rows).toEqual([{ json: { Id: 'u-1', Name: 'Anna', Active: true } }]);
		expect(urls(session)).toEqual([url]);
	});

	it('of a user, a group and a role name whose they are', async () => {
		const id = (kind: string) => ({ [`${kind}Id`]: locator('id', 'x/1') });
		const ofUser = await run('user', 'getGroups', [{ body: groups }], id('user'));
		await ofUser.outcome;
		expect(urls(ofUser.session)).toEqual(['GET Organization/UserGroups?UserId=x%2F1']);
		const ofRole = await run('role', 'getUsers', [{ body: { User: [] } }], {
			...id('role'),
			includeGroupUsers: true,
		});
		expect((await ofRole.outcome).rows).toEqual([]);
		expect(urls(ofRole.session)).toEqual([
			'GET Organization/RoleUsers?RoleId=x%2F1&IncludeGroupUsers=true',
		]);
	});
});

describe('one user', () => {
	it('is read by ID', async () => {
		const { session, outcome } = await run('user', 'get', [{ body: ANNA }], {
			userId: locator('id', 'u-1'),
		});
		expect((await outcome).rows[0]?.json).toEqual({ Id: 'u-1', Name: 'Anna', Active: true });
		expect(urls(session)).toEqual(['GET Organization/UserByID?userId=u-1']);
	});

	it('is found by name, in whatever case', async () => {
		const { session, outcome } = await run(
			'user',
			'get',
			[{ body: { User: [ANNA] } }, { body: ANNA }],
			{
				userId: locator('name', 'ANNA'),
			},
		);
		await outcome;
		expect(urls(session)).toEqual([
			'GET Organization/Users',
			'GET Organization/UserByID?userId=u-1',
		]);
	});

	it('that is empty or unknown is an error before it is asked for', async () => {
		const empty = await run('user', 'get', [], { userId: locator('id', ' ') });
		await expect(empty.outcome).rejects.toMatchObject({
			code: 'DOCUWARE_INVALID_PARAMETER',
			message: 'User is empty for item 0.',
		});
		const unknown = await run('user', 'get', [{ body: { User: [ANNA] } }], {
			userId: locator('name', 'Bert'),
		});
		await expect(unknown.outcome).rejects.toMatchObject({
			message: expect.stringContaining('There is no user "Bert"'),
		});
	});
});

describe('memberships', () => {
	const add = { userId: locator('id', 'u-1') };

	it('are added by ID or name, all in one request', async () => {
		const { session, outcome } = await run(
			'user',
			'addToGroups',
			[{ body: groups }, { body: 'OK' }],
			{ ...add, groupIds: ['g-2', 'accounting', 'G-2'] },
		);
		expect((await outcome).rows).toEqual([
			{
				json: {
					userId: 'u-1',
					addedTo: [
						{ id: 'g-2', name: 'Sales' },
						{ id: 'g-1', name: 'Accounting' },
					],
				},
			},
		]);
		expect(urls(session)[1]).toBe('PUT Organization/UserGroups?UserId=u-1');
		expect(JSON.parse(String(session.requests[1]?.body))).toEqual({
			Ids: ['g-2', 'g-1'],
			OperationType: 'Add',
		});
	});

	it('are taken away, and read from a text with commas', async () => {
		const roles = { Item: [{ Id: 'r-1', Name: 'Editor' }] };
		const { session, outcome } = await run(
			'user',
			'removeFromRoles',
			[{ body: roles }, { body: '' }],
			{ ...add, roleIds: 'Editor, r-1' },
		);
		expect((await outcome).rows[0]?.json).toMatchObject({ removedFrom: [{ id: 'r-1' }] });
		expect(JSON.parse(String(session.requests[1]?.body))).toEqual({
			Ids: ['r-1'],
			OperationType: 'Remove',
		});
	});

	it('are found by names with commas in them too', async () => {
		const emea = { Item: [...groups.Item, { Id: 'g-4', Name: 'Sales, EMEA' }] };
		for (const groupIds of ['Sales, EMEA', ['Sales, EMEA', 'Accounting'], 'g-4,g-1']) {
			const answers = [{ body: emea }, { body: '' }];
			const { session, outcome } = await run('user', 'addToGroups', answers, { ...add, groupIds });
			await outcome;
			expect(JSON.parse(String(session.requests[1]?.body))).toMatchObject({
				Ids: groupIds === 'Sales, EMEA' ? ['g-4'] : ['g-4', 'g-1'],
			});
		}
	});

	it.each([
		['is unknown', ['g-9'], 'There is no group "g-9"'],
		['is the name of two', ['Sales'], '2 entries are called "Sales"'],
		['is missing', [], 'No group is chosen for item 0'],
	])('change nothing where one %s', async (_case, groupIds, message) => {
		const { session, outcome } = await run('user', 'addToGroups', [{ body: groups }], {
			...add,
			groupIds,
		});
		await expect(outcome).rejects.toMatchObject({
			code: 'DOCUWARE_INVALID_PARAMETER',
			message: expect.stringContaining(message),
		});
		expect(session.requests.every(({ method }) => method === 'GET')).toBe(true);
	});

	it('are not for an AI agent unless a person has switched that on', async () => {
		const settings = {
			nodeType: 'n8n-nodes-exactonline-docuware.docuWareTool',
			parameters: { resource: 'user', operation: 'addToGroups', ...add, groupIds: ['g-1'] },
		};
		await expect(runOperation(new FakeSession(), settings)).rejects.toMatchObject({
			code: 'DOCUWARE_NOT_FOR_AI',
		});
		const allowed = new FakeSession([{ body: groups }, { body: '' }]);
		const parameters = { ...settings.parameters, allowChangesAsTool: true };
		await runOperation(allowed, { ...settings, parameters });
		expect(allowed.requests).toHaveLength(2);
	});
});

it('the current organization is read without asking for others', async () => {
	const { session, outcome } = await run('organization', 'getCurrent', [
		{ body: { Id: '1', Name: 'Peters Engineering', Links: [] } },
	]);
	expect((await outcome).rows).toEqual([{ json: { Id: '1', Name: 'Peters Engineering' } }]);
	expect(urls(session)).toEqual(['GET Organization']);
});
