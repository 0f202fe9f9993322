import { operation, useNode, type NodeFixture } from '../node/support/nodeFixture';

const { start } = useNode();

const named = (value: string) => ({ __rl: true, mode: 'name', value });

async function names(
	{ run }: NodeFixture,
	resource: string,
	name: string,
	parameters: Parameters<typeof operation>[2] = {},
): Promise<unknown[]> {
	const { items } = await run(operation(resource, name, { returnAll: true, ...parameters }));
	return items.map(({ json }) => json.Name);
}

describe('users, groups and roles', () => {
	it('are those of the own organization, narrowed by name and by what is active', async () => {
		const fixture = await start();
		const users = await names(fixture, 'user', 'getAll');
		expect(users).toEqual(expect.arrayContaining(['api', 'peggy.jenkins']));
		expect(users).not.toContain('logistics.api');
		const one = await names(fixture, 'user', 'getAll', { options: { name: 'peggy.jenkins' } });
		expect(one).toEqual(['peggy.jenkins']);
		const inactive = await names(fixture, 'user', 'getAll', { options: { active: 'false' } });
		expect(inactive).not.toContain('api');
		expect((await names(fixture, 'group', 'getAll')).length).toBeGreaterThan(0);
		expect((await names(fixture, 'role', 'getAll')).length).toBeGreaterThan(0);
	});

	it('are put together and taken apart by name, and nothing else of them changes', async () => {
		const fixture = await start();
		const user = { userId: named('peggy.jenkins') };
		for (const [kind, list, add, remove] of [
			['group', 'getGroups', 'addToGroups', 'removeFromGroups'],
			['role', 'getRoles', 'addToRoles', 'removeFromRoles'],
		] as const) {
			const all = (await names(fixture, kind, 'getAll')).map(String);
			const before = (await names(fixture, 'user', list, user)).map(String);
			const others = all.filter((name) => !before.includes(name));
			expect(others.length).toBeGreaterThan(0);
			const entries = { ...user, [`${kind}Ids`]: others };
			await fixture.run(operation('user', add, entries));
			expect((await names(fixture, 'user', list, user)).sort()).toEqual([...all].sort());
			const of = { [`${kind}Id`]: named(others[0] ?? '') };
			expect(await names(fixture, kind, 'getUsers', of)).toContain('peggy.jenkins');
			await fixture.run(operation('user', remove, entries));
			expect((await names(fixture, 'user', list, user)).sort()).toEqual([...before].sort());
		}
	});

	it('are looked up once for all items, each of which fails for itself', async () => {
		const fixture = await start();
		const [group] = (await names(fixture, 'group', 'getAll')).map(String);
		const { items } = await fixture.run(
			operation('user', 'addToGroups', {
				userId: named('={{ $json.user }}'),
				groupIds: '={{ $json.groups }}',
			}),
			{
				items: [
					{ json: { user: 'peggy.jenkins', groups: group } },
					{ json: { user: 'nobody', groups: group } },
					{ json: { user: 'peggy.jenkins', groups: ['no such group'] } },
				],
				continueOnFail: true,
			},
		);
		expect(items.map(({ json }) => (json.error as { code?: string } | undefined)?.code)).toEqual([
			undefined,
			'DOCUWARE_INVALID_PARAMETER',
			'DOCUWARE_INVALID_PARAMETER',
		]);
		const { requests } = fixture.simulator.counters;
		expect(requests['PUT Organization/UserGroups']).toBe(1);
		expect(requests['GET Organization/Users']).toBe(1);
	});

	it('are changed by administrators alone', async () => {
		const { run, credential } = await start();
		const credentials = credential({ userName: 'peggy.jenkins', password: 'correct horse' });
		const groups = await run(operation('group', 'getAll'), { credentials });
		const change = operation('user', 'addToGroups', {
			userId: named('peggy.jenkins'),
			groupIds: [String(groups.items[0]?.json.Id)],
		});
		await expect(run(change, { credentials })).rejects.toMatchObject({
			message: expect.stringContaining('[DOCUWARE_FORBIDDEN]'),
		});
	});
});

it('the organization of the session is the one of its user', async () => {
	const { run } = await start();
	const { items } = await run(operation('organization', 'getCurrent'));
	expect(items.map(({ json }) => json.Name)).toEqual(['Peters Engineering']);
});
