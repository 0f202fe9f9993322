import { readCabinetList } from '../../../../nodes/DocuWare/api/cabinetList';
import { PlatformClient } from '../../../../nodes/DocuWare/api/platformClient';
import { FakeSession } from '../resources/support/fakeSession';

const LIST = { body: { FileCabinet: [{ Id: 'one', Name: 'Invoices' }] } };

const turns = ({ calls }: FakeSession) =>
	calls.filter(([name]) => name === 'cabinetListTurn').length;

afterEach(() => void jest.restoreAllMocks());

it('the list of file cabinets waits for its turn before each request, those of further pages too', async () => {
	const next = { rel: 'next', href: '/DocuWare/Platform/FileCabinets?Start=1' };
	const session = new FakeSession([{ body: { ...LIST.body, Links: [next] } }, LIST]);
	const request = session.request.bind(session);
	const turnsBefore: number[] = [];
	session.request = async (asked) => {
		turnsBefore.push(turns(session));
		return await request(asked);
	};
	const { rows } = await readCabinetList(new PlatformClient(session));
	expect(rows).toHaveLength(2);
	expect(turnsBefore[0]).toBe(1);
	expect(turns(session)).toBe(2);
});

it('is asked for in no turn, nor of the server, where its turn does not come', async () => {
	const session = new FakeSession([LIST]);
	session.cabinetListTurn = async () => await Promise.reject(new Error('cancelled'));
	await expect(readCabinetList(new PlatformClient(session))).rejects.toThrow('cancelled');
	expect(session.requests).toEqual([]);
});

it('is kept for five minutes from each request, and asked for anew then, or where that is wanted', async () => {
	let now = 1_000_000;
	jest.spyOn(performance, 'now').mockImplementation(() => now);
	const session = new FakeSession([LIST, LIST, LIST]);
	const client = new PlatformClient(session);
	const isKept = async (fresh = false) => (await readCabinetList(client, { fresh })).isKept;
	expect(await isKept()).toBe(false);
	now += 299_999;
	expect(await isKept()).toBe(true);
	now += 1;
	expect(await isKept()).toBe(false);
	now += 200_000;
	expect(await isKept(true)).toBe(false);
	now += 200_000;
	expect(await isKept()).toBe(true);
	expect(session.requests).toHaveLength(3);
	expect(turns(session)).toBe(3);
});
