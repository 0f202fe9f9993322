import { readCabinetList } from '../../../../nodes/DocuWare/api/cabinetList';
import { PlatformClient } from '../../../../nodes/DocuWare/api/platformClient';
import { FakeSession } from '../resources/support/fakeSession';

const LIST = { body: { FileCabinet: [{ Id: 'one', Name: 'Invoices' }] } };

afterEach(() => void jest.restoreAllMocks());

it('the list of file cabinets is kept for five minutes from each request, and asked for anew then, or where that is wanted', async () => {
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
});
