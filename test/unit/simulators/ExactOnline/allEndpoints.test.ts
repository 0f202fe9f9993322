import {
	documentedEndpoints,
	endpointFacts,
} from '../../../simulators/ExactOnline/world/endpointFacts';
import { ResourceClient } from './resourceClient';
import { messageOf, rowsOf } from './simulatorClient';

/** Every documented endpoint (docs/facts/exact-online.md 7.3). */

let service: ResourceClient;

beforeAll(async () => {
	service = await ResourceClient.start();
});

afterAll(async () => {
	await service.close();
});

const endpoints = documentedEndpoints().filter((path) => path !== 'current/Me');
/** Calls that the test makes at once. */
const TOGETHER = 40;

/** What is found by a look at each endpoint. */
async function each(look: (path: string) => Promise<string | undefined>): Promise<string[]> {
	const found: string[] = [];
	for (let start = 0; start < endpoints.length; start += TOGETHER) {
		const batch = endpoints.slice(start, start + TOGETHER);
		const results = await Promise.all(batch.map(async (path) => [path, await look(path)] as const));
		for (const [path, result] of results)
			if (result !== undefined) found.push(`${path}: ${result}`);
	}
	return found;
}

/** A literal that fits a type. */
const LITERALS: Readonly<Record<string, string>> = {
	Guid: "guid'00000000-0000-0000-0000-000000000000'",
	String: "'x'",
	DateTime: "datetime'2026-01-01T00:00:00'",
	Int64: '1L',
	Boolean: 'true',
};

function selectOf(path: string): Record<string, string> {
	const [field = ''] = Object.keys(endpointFacts(path).fields);
	return field === '' ? {} : { $select: field };
}

/** Functions that answer without an argument, and lists. */
function isList(path: string): boolean {
	return endpointFacts(path).methods.includes('GET') && !path.startsWith('read/');
}

test('lists answer, others have no GET; in the wrong case the path is unknown', async () => {
	const wrong = await each(async (path) => {
		const { status } = await service.get(path, selectOf(path));
		const { methods } = endpointFacts(path);
		const expected = path.startsWith('read/') ? [200, 400] : [methods.includes('GET') ? 200 : 405];
		return expected.includes(status) ? undefined : String(status);
	});
	expect(wrong).toEqual([]);
	expect((await service.get('crm/accounts')).status).toBe(404);
	expect((await service.get('CRM/Accounts')).status).toBe(404);
	const { client, accessToken } = service;
	const misplaced = `${client.division}/beta/cashflow/AllocationRule`;
	expect((await client.get(misplaced, accessToken)).status).toBe(404);
});

test('a filter on a field takes a literal of its type and refuses another', async () => {
	const wrong = await each(async (path) => {
		const entry = Object.entries(endpointFacts(path).fields).find(([, type]) => type in LITERALS);
		if (!isList(path) || !entry || path.startsWith('sync/')) return undefined;
		const [field, type] = entry;
		const ask = async (literal: string): Promise<number> =>
			(await service.get(path, { ...selectOf(path), $filter: `${field} eq ${literal}` })).status;
		const other = type === 'String' ? (LITERALS['Guid'] ?? '') : "'x'";
		const statuses = [await ask(LITERALS[type] ?? ''), await ask(other)];
		return statuses.join() === '200,400' ? undefined : statuses.join();
	});
	expect(wrong).toEqual([]);
});

test('methods that the documentation does not name are refused, unknown fields too', async () => {
	const wrong = await each(async (path) => {
		const { methods } = endpointFacts(path);
		const created = await service.post(path, { NoSuchField: 1 });
		if (!methods.includes('POST'))
			return created.status === 405 ? undefined : `POST ${created.status}`;
		const told = created.status === 400 && messageOf(created).includes("'NoSuchField'");
		return told ? undefined : `POST ${created.status} ${created.text}`;
	});
	expect(wrong).toEqual([]);
	const key = "(guid'00000000-0000-0000-0000-000000000000')";
	const gone = await each(async (path) => {
		const { methods, keys, fields } = endpointFacts(path);
		if (keys.length !== 1 || fields[keys[0] ?? ''] !== 'Guid') return undefined;
		const found = [await service.put(path + key, {}), await service.delete(path + key)];
		const expected = ['PUT', 'DELETE'].map((name) =>
			methods.some((one) => one === name) ? 404 : 405,
		);
		const statuses = found.map(({ status }) => status);
		return statuses.join() === expected.join() ? undefined : statuses.join();
	});
	expect(gone).toEqual([]);
});

test('rows of any endpoint that has some are seeded in bulk, found by key and paged', async () => {
	const wrong = await each(async (path) => {
		const { keys, fields } = endpointFacts(path);
		const [key = ''] = keys;
		if (!isList(path) || /^(?:bulk|sync)\//.test(path) || path.endsWith('Divisions'))
			return undefined;
		if (keys.length !== 1 || fields[key] !== 'Guid') return undefined;
		// The ledger shows the lines of entries too, which are seeded at the same time.
		if (path === 'financialtransaction/TransactionLines') return undefined;
		const before = Number((await service.get(`${path}/$count`)).text);
		const seed = { division: service.client.division, endpoint: path, count: 61, row: {} };
		await service.client.control('POST', 'rows', seed);
		const first = await service.get(path, { $select: key, $inlinecount: 'allpages' });
		const all = await service.allRows(first);
		const single = await service.get(`${path}(guid'${String(rowsOf(first)[0]?.[key])}')`);
		const seen = [all.length - before, rowsOf(first).length, single.status];
		return seen.join() === '61,60,200' ? undefined : seen.join();
	});
	expect(wrong).toEqual([]);
});
