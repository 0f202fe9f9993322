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

/** An organization without links. */
const NO_LINKS: FakeAnswer = { body: {} };

const urls = ({ requests }: FakeSession) =>
	requests.map(({ method, url }) => `${method} ${url.split('/Platform/')[1]}`);

describe('lists of users, groups and roles', () => {
	it.each([
		['user', 'GET Organization/Users?Active=false&Name=An', { User: [ANNA] }],
		['group', 'GET Organization/Groups?Active=false&Name=An', { Item: [ANNA] }],
		['role', 'GET Organization/Roles?Active=false&Name=An', { Item: [ANNA] }],
	])('of kind %s ask for what the options say', async (kind, url, body) => {
		const options = { active: 'false', name: ' An ' };
		const { session, outcome } = await run(kind, 'getAll', [NO_LINKS, { body }], { options });
		expect((await outcome).rows).toEqual([{ json: { Id: 'u-1', Name: 'Anna', Active: true } }]);
		expect(urls(session)).toEqual(['GET Organization', url]);
	});

	it('of a user, a group and a role name whose they are', async () => {
		const id = (kind: string) => ({ [`${kind}Id`]: locator('id', 'x/1') });
		const answers = [{ status: 403, body: {} }, { body: groups }];
		const ofUser = await run('user', 'getGroups', answers, id('user'));
		await ofUser.outcome;
		expect(urls(ofUser.session)).toEqual([
			'GET Organization/UserByID?userId=x%2F1',
			'GET Organization/UserGroups?UserId=x%2F1',
		]);
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
			[NO_LINKS, { body: { User: [ANNA] } }, { body: ANNA }],
			{
				userId: locator('name', 'ANNA'),
			},
		);
		await outcome;
		expect(urls(session)).toEqual([
			'GET Organization',
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
		const unknown = await run('user', 'get', [NO_LINKS, { body: { User: [ANNA] } }], {
			userId: locator('name', 'Bert'),
		});
		await expect(unknown.outcome).rejects.toMatchObject({
			message: expect.stringContaining('There is no user "Bert"'),
		});
	});
});

describe('links', () => {
	const base = '/DocuWare/Platform';
	const linked = (rel: string, path: string) => ({
		Links: [{ rel, href: `${base}/${path}` }],
	});

	it('of the organization and of what is looked up by name are followed', async () => {
		const rows = {
			Item: [{ Id: 'g-1', Name: 'Accounting', ...linked('users', 'of/g-1?GroupId=g-1') }],
		};
		const answers = [{ body: linked('groups', 'g') }, { body: rows }, { body: { User: [ANNA] } }];
		const { session, outcome } = await run('group', 'getUsers', answers, {
			groupId: locator('name', 'accounting'),
		});
		expect((await outcome).rows).toHaveLength(1);
		expect(urls(session)).toEqual(['GET Organization', 'GET g', 'GET of/g-1?GroupId=g-1']);
	});

	it('of a group that is given by its ID are found in the list, which not all may see', async () => {
		const rows = { Item: [{ Id: 'G-1', Name: 'Accounting', ...linked('users', 'of/g-1') }] };
		for (const [list, url] of [
			[{ body: rows }, 'GET of/g-1?GroupId=g-1'],
			[{ status: 403, body: {} }, 'GET Organization/GroupUsers?GroupId=g-1'],
		] as const) {
			const answers = [NO_LINKS, list, { body: { User: [] } }];
			const groupId = locator('id', 'g-1');
			const { session, outcome } = await run('group', 'getUsers', answers, { groupId });
			await outcome;
			expect(urls(session)).toEqual(['GET Organization', 'GET Organization/Groups', url]);
		}
	});

	it('of a user are followed for a change too', async () => {
		const user = { ...ANNA, ...linked('groups', 'groups/of?UserId=u-1') };
		const answers = [NO_LINKS, { body: groups }, { body: user }, { body: '' }];
		const { session, outcome } = await run('user', 'addToGroups', answers, {
			userId: locator('id', 'u-1'),
			groupIds: ['g-1'],
		});
		await outcome;
		expect(urls(session).slice(2)).toEqual([
			'GET Organization/UserByID?userId=u-1',
			'PUT groups/of?UserId=u-1',
		]);
	});
});

describe('memberships', () => {
	const add = { userId: locator('id', 'u-1') };

	it('are added by ID or name, all in one request', async () => {
		const { session, outcome } = await run(
			'user',
			'addToGroups',
			[NO_LINKS, { body: groups }, NO_LINKS, { body: 'OK' }],
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
		expect(urls(session).at(-1)).toBe('PUT Organization/UserGroups?UserId=u-1');
		expect(JSON.parse(String(session.requests.at(-1)?.body))).toEqual({
			Ids: ['g-2', 'g-1'],
			OperationType: 'Add',
		});
	});

	it('are taken away, and read from a text with commas', async () => {
		const roles = { Item: [{ Id: 'r-1', Name: 'Editor' }] };
		const { session, outcome } = await run(
			'user',
			'removeFromRoles',
			[NO_LINKS, { body: roles }, NO_LINKS, { body: '' }],
			{ ...add, roleIds: 'Editor, r-1' },
		);
		expect((await outcome).rows[0]?.json).toMatchObject({ removedFrom: [{ id: 'r-1' }] });
		expect(JSON.parse(String(session.requests.at(-1)?.body))).toEqual({
			Ids: ['r-1'],
			OperationType: 'Remove',
		});
	});

	it('are found by names with commas in them too', async () => {
		const emea = { Item: [...groups.Item, { Id: 'g-4', Name: 'Sales, EMEA' }] };
		for (const groupIds of ['Sales, EMEA', ['Sales, EMEA', 'Accounting'], 'g-4,g-1']) {
			const answers = [NO_LINKS, { body: emea }, NO_LINKS, { body: '' }];
			const { session, outcome } = await run('user', 'addToGroups', answers, { ...add, groupIds });
			await outcome;
			expect(JSON.parse(String(session.requests.at(-1)?.body))).toMatchObject({
				Ids: groupIds === 'Sales, EMEA' ? ['g-4'] : ['g-4', 'g-1'],
			});
		}
	});

	it.each([
		['is unknown', ['g-9'], 'There is no group "g-9"'],
		['is the name of two', ['Sales'], '2 entries are called "Sales"'],
		['is missing', [], 'No group is chosen for item 0'],
	])('change nothing where one %s', async (_case, groupIds, message) => {
		const { session, outcome } = await run('user', 'addToGroups', [NO_LINKS, { body: groups }], {
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
		const allowed = new FakeSession([NO_LINKS, { body: groups }, NO_LINKS, { body: '' }]);
		const parameters = { ...settings.parameters, allowChangesAsTool: true };
		await runOperation(allowed, { ...settings, parameters });
		expect(allowed.requests).toHaveLength(4);
	});
});

it('the current organization is read without asking for others', async () => {
	const { session, outcome } = await run('organization', 'getCurrent', [
		{ body: { Id: '1', Name: 'Peters Engineering', Links: [] } },
	]);
	expect((await outcome).rows).toEqual([{ json: { Id: '1', Name: 'Peters Engineering' } }]);
	expect(urls(session)).toEqual(['GET Organization']);
});
