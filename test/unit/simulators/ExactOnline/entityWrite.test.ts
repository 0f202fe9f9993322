import { padCode } from '../../../simulators/ExactOnline';
import { messageOf, read, SimulatorClient } from './simulatorClient';

let client: SimulatorClient;
let accessToken: string;
let accounts: string;

beforeEach(async () => {
	client = await SimulatorClient.start();
	client.simulator.configure({ stampClock: 'greenwich' });
	({ accessToken } = client.logIn());
	accounts = `${client.division}/crm/Accounts`;
});

afterEach(async () => {
	await client.close();
});

async function create(body: unknown): ReturnType<SimulatorClient['call']> {
	return await client.call('POST', accounts, accessToken, { body });
}

async function readBack(id: string): Promise<Record<string, unknown>> {
	const answer = await client.get(`${accounts}(guid'${id}')`, accessToken);
	return (answer.json as { d: Record<string, unknown> }).d;
}

test('POST creates: 201, Location, padded code, dates without zone', async () => {
	const answer = await create({ Name: 'New', Code: '77', StartDate: '2026-04-07T00:00:00' });
	expect(answer.status).toBe(201);
	const { d } = answer.json as { d: Record<string, unknown> };
	expect(answer.headers.get('location')).toBe(
		`${client.simulator.url}/api/v1/${accounts}(guid'${d['ID'] as string}')`,
	);
	expect(await readBack(String(d['ID']))).toMatchObject({
		Name: 'New',
		Code: padCode(77),
		StartDate: `/Date(${Date.UTC(2026, 3, 7)})/`,
		Created: `/Date(${client.clock.now})/`,
		Division: client.division,
		Creator: client.user().userId,
	});
});

test('POST without a name is refused with 400 or 500, and creates nothing', async () => {
	const refused = await create({ City: 'Delft' });
	expect(refused.status).toBe(400);
	expect(messageOf(refused)).toBe('Mandatory: Name\r\n');
	client.simulator.configure({ validationStatus: 500 });
	expect((await create({ Name: '' })).status).toBe(500);
	expect((await client.get(`${accounts}/$count`, accessToken)).text).toBe('340');
});

test('POST gives the next free code and refuses a used one', async () => {
	const next = await create({ Name: 'Next' });
	expect((next.json as { d: unknown }).d).toMatchObject({ Code: padCode(1340), Status: 'A' });
	expect((await create({ Name: 'Again', Code: '1340' })).status).toBe(400);
});

test.each([
	[[{ Name: 'x' }], 'The request should be a valid top-level resource object.'],
	[{ Name: 'x', Nmae: 'y' }, "The property name 'Nmae' specified for type"],
	[{ Name: 1 }, "Error converting the value of property 'Name' to type 'Edm.String'."],
	[{ Name: 'x', Parent: '12' }, "property 'Parent' to type 'Edm.Guid'"],
	[{ Name: 'x', StartDate: '7 April' }, "property 'StartDate' to type 'Edm.DateTime'"],
	[{ Name: 'x', Blocked: 1 }, "property 'Blocked' to type 'Edm.Boolean'"],
	[{ Name: 'x', SecurityLevel: 1.5 }, "property 'SecurityLevel' to type 'Edm.Int32'"],
])('POST refuses %j', async (body, message) => {
	const answer = await create(body);
	expect(answer.status).toBe(400);
	expect(messageOf(answer)).toContain(message);
});

test('PUT changes only what it sends: 204 without a body', async () => {
	const { d } = (await create({ Name: 'Old', City: 'Delft' })).json as { d: { ID: string } };
	client.clock.advanceSeconds(5);
	const path = `${accounts}(guid'${d.ID}')`;
	const answer = await client.call('PUT', path, accessToken, { body: { Name: 'Newer' } });
	expect(answer).toMatchObject({ status: 204, text: '' });
	expect(await readBack(d.ID)).toMatchObject({
		Name: 'Newer',
		City: 'Delft',
		Modified: `/Date(${client.clock.now})/`,
	});
	const emptied = await client.call('PUT', path, accessToken, { body: { Name: null } });
	expect(emptied.status).toBe(500);
});

test('DELETE: 204, then 404', async () => {
	const { d } = (await create({ Name: 'Gone' })).json as { d: { ID: string } };
	const path = `${accounts}(guid'${d.ID}')`;
	expect((await client.call('DELETE', path, accessToken)).status).toBe(204);
	expect((await client.call('DELETE', path, accessToken)).status).toBe(404);
});

test('methods and media types that the service does not have', async () => {
	const body = { body: { Name: 'x' } };
	expect((await client.call('PATCH', accounts, accessToken, body)).status).toBe(405);
	expect((await client.call('PUT', accounts, accessToken, body)).status).toBe(405);
	const divisions = `${client.division}/system/Divisions`;
	expect((await client.call('POST', divisions, accessToken, body)).status).toBe(405);
	const form = await read(
		await fetch(`${client.simulator.url}/api/v1/${accounts}`, {
			method: 'POST',
			headers: { authorization: `Bearer ${accessToken}`, accept: 'application/json' },
			body: new URLSearchParams({ Name: 'x' }),
		}),
	);
	expect(form.status).toBe(415);
});

test('a body over 10 MB is refused', async () => {
	const answer = await create({ Name: 'x', Remarks: 'x'.repeat(10_000_001) });
	expect(answer.status).toBe(413);
});

test('PUT passes over what stands for a collection in an answer', async () => {
	const { d } = (await create({ Name: 'Whole' })).json as { d: Record<string, unknown> };
	const { BankAccounts } = d;
	expect(BankAccounts).toHaveProperty('__deferred');
	const path = `${accounts}(guid'${d['ID'] as string}')`;
	const body = { Name: 'Changed', BankAccounts };
	expect((await client.call('PUT', path, accessToken, { body })).status).toBe(204);
	expect(await readBack(String(d['ID']))).toMatchObject({ Name: 'Changed', BankAccounts });
	const wrong = { BankAccounts: 'none' };
	expect((await client.call('PUT', path, accessToken, { body: wrong })).status).toBe(400);
});
