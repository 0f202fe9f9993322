import { cookiesOf, logOn, type ReadAnswer } from './platformClient';
import { useSignedIn } from './useSignedIn';

const signedIn = useSignedIn();

describe('users, groups and roles', () => {
	const peggy = '5b1d0c6e-7a83-4b7f-9e0a-0d6a3c1f1a02';
	const accounting = '6c2e1d7f-8b94-4c80-af1b-1e7b4d2a2b01';
	const approval = '7d3f2e80-9ca5-4d91-b02c-2f8c5e3b3c02';

	const namesOf = (answer: ReadAnswer): string[] => {
		const body = answer.json() as Record<string, Array<{ Name: string }>>;
		return (body['User'] ?? body['Item'] ?? []).map(({ Name }) => Name);
	};

	it('are listed, by name, activity and type', async () => {
		const { call } = await signedIn();
		expect(namesOf(await call('GET', '/Organization/Users?Active=&Name='))).toHaveLength(5);
		expect(namesOf(await call('GET', '/Organization/Groups?Active=true&Name='))).toEqual([
			'Accounting',
		]);
		expect(namesOf(await call('GET', '/Organization/Groups?Name=former staff'))).toEqual([
			'Former staff',
		]);
		expect(namesOf(await call('GET', '/Organization/Roles?Type=Standard&Active=&Name='))).toEqual([
			'Invoice approval',
		]);
	});

	it('belong to each other, and are told who to whom', async () => {
		const { call } = await signedIn();
		const change = async (kind: string, id: string, OperationType: string): Promise<number> =>
			(await call('PUT', `/Organization/${kind}?UserId=${peggy}`, { Ids: [id], OperationType }))
				.status;
		const users = `/Organization/RoleUsers?RoleId=${approval}`;
		expect(namesOf(await call('GET', users))).toEqual([]);
		expect(namesOf(await call('GET', `${users}&IncludeGroupUsers=true`))).toEqual([
			'peggy.jenkins',
		]);
		expect(await change('UserRoles', approval, 'Add')).toBe(200);
		expect(namesOf(await call('GET', users))).toEqual(['peggy.jenkins']);
		expect(await change('UserGroups', accounting, 'Remove')).toBe(200);
		expect(namesOf(await call('GET', `/Organization/GroupUsers?GroupId=${accounting}`))).toEqual(
			[],
		);
		expect(namesOf(await call('GET', `/Organization/UserRoles?UserId=${peggy}`))).toEqual([
			'Invoice approval',
		]);
		expect(await change('UserGroups', 'x', 'Add')).toBe(422);
		expect(await change('UserGroups', accounting, 'Set')).toBe(400);
		expect((await call('GET', '/Organization/UserGroups?UserId=x')).status).toBe(404);
	});

	it('are created by a content type and changed by an id, by administrators alone', async () => {
		const { call, simulator } = await signedIn();
		const type = {
			'content-type': 'application/vnd.docuware.platform.createorganizationuser+json',
		};
		const body = {
			Name: 'Peter Engineering',
			DbName: 'PENGINE',
			Email: 'peter@peters-engineering.test',
			NetworkId: '',
			Password: 'secret',
		};
		const created = (await call('POST', '/Organization/UserInfo', body, type)).json();
		expect(created).toMatchObject({ Name: 'Peter Engineering', DBName: 'PENGINE', Active: true });
		expect((await call('POST', '/Organization/UserInfo', body, type)).status).toBe(422);
		const { Id } = created as { Id: string };
		const changed = await call('POST', '/Organization/UserInfo', { Id, Active: false });
		expect(changed.json()).toMatchObject({ Active: false, EMail: 'peter@peters-engineering.test' });
		expect(
			(await logOn(simulator, { UserName: 'Peter Engineering', Password: 'secret' })).status,
		).toBe(401);
		const cookie = cookiesOf(
			await logOn(simulator, { UserName: 'peggy.jenkins', Password: 'correct horse' }),
		);
		expect((await call('POST', '/Organization/UserInfo', { Id }, { cookie })).status).toBe(403);
	});
});
