import { readCabinetList } from '../../../../nodes/DocuWare/api/cabinetList';
import { PlatformClient } from '../../../../nodes/DocuWare/api/platformClient';
import { RunMemory } from '../../../../nodes/DocuWare/api/runMemory';
import { FakeSession, type FakeAnswer } from '../resources/support/fakeSession';

const LIST = { body: { FileCabinet: [{ Id: 'one', Name: 'Invoices' }] } };

afterEach(() => void jest.restoreAllMocks());

it('the list of file cabinets is kept for five minutes from each request, and asked for anew then, or where that is wanted', async () => {
	let now = 1_000_000;
	jest.spyOn(performance, 'now').mockImplementation(() => now);
	const session = new FakeSession([{ body: {} }, LIST, LIST, LIST]);
	const client = new PlatformClient(session);
	const asker = { client, memory: new RunMemory(), signal: undefined };
	const isKept = async (fresh = false) => (await readCabinetList(asker, { fresh })).isKept;
	expect(await isKept()).toBe(false);
	now += 299_999;
	expect(await isKept()).toBe(true);
	now += 1;
	expect(await isKept()).toBe(false);
	now += 200_000;
	expect(await isKept(true)).toBe(false);
	now += 200_000;
	expect(await isKept()).toBe(true);
	expect(session.requests.filter(({ url }) => url.endsWith('/FileCabinets'))).toHaveLength(3);
});

describe('where the list is asked for', () => {
	const own = '/DocuWare/Platform/Moved/Cabinets?OrgId=1';
	const row = (href: string) => ({ Id: 1, Links: [{ rel: 'FileCabinets', href }] });

	async function askedFor(answers: FakeAnswer[], organizationId = ''): Promise<string[]> {
		const session = new FakeSession(answers);
		const client = new PlatformClient(session);
		const asker = { client, memory: new RunMemory(), signal: undefined };
		expect((await readCabinetList(asker, { organizationId })).rows).toHaveLength(1);
		return session.requests.map(({ url }) => url.slice(session.baseUrl.length + 1));
	}

	it('where the organization says so', async () => {
		const [, list] = await askedFor([{ body: row(own) }, LIST]);
		expect(list).toBe('Moved/Cabinets?OrgId=1');
		const rows = { body: { Organization: [{ Id: 2 }, row(own)] } };
		expect(await askedFor([rows, LIST], '1')).toEqual(['Organizations', 'Moved/Cabinets?OrgId=1']);
	});

	it.each<[string, FakeAnswer]>([
		['without a link', { body: { Id: 1 } }],
		['with a link to another server', { body: row('https://inside.invalid/FileCabinets') }],
		['that may not be read', { status: 403 }],
		['that is not there', { status: 404 }],
		['that the server fails at', { status: 500 }],
		['whose answer is a page', { body: '<html>Welcome</html>' }],
	])('at its usual place for an organization %s', async (_what, answer) => {
		expect((await askedFor([answer, LIST])).at(-1)).toBe('FileCabinets');
		const many = answer.status === undefined && typeof answer.body === 'object';
		const rows: FakeAnswer = many ? { body: { Organization: [answer.body] } } : answer;
		expect((await askedFor([rows, LIST], '1')).at(-1)).toBe('FileCabinets?OrgId=1');
	});

	it('nowhere where the log-on fails: a second try could lock the user', async () => {
		const session = new FakeSession([{ status: 401 }, LIST]);
		const client = new PlatformClient(session);
		const asker = { client, memory: new RunMemory(), signal: undefined };
		await expect(readCabinetList(asker)).rejects.toMatchObject({ code: 'DOCUWARE_UNAUTHORIZED' });
		expect(session.requests).toHaveLength(1);
	});
});
