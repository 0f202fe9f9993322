import { ResourceClient } from './resourceClient';

/** The XML interface (docs/facts/exact-online.md 4.8). */

let service: ResourceClient;

beforeAll(async () => {
	service = await ResourceClient.start();
});

afterAll(async () => {
	await service.close();
});

async function call(page: string, query: Record<string, string>, xml?: string): Promise<Response> {
	const url = new URL(`${service.client.simulator.url}/docs/${page}.aspx`);
	const division = String(service.client.division);
	url.search = new URLSearchParams({ _Division_: division, ...query }).toString();
	return await fetch(url, {
		headers: { authorization: `Bearer ${service.accessToken}` },
		...(xml === undefined ? {} : { method: 'POST', body: xml }),
	});
}

async function upload(topic: string, xml: string): Promise<string[]> {
	const text = await (await call('XMLUpload', { Topic: topic }, xml)).text();
	return [...text.matchAll(/<Message type="(\d)">.*?<Description>(.*?)<\/Description>/g)].map(
		([, type, description]) => `${type} ${description}`,
	);
}

test('an upload gets a message for each element, and makes or changes rows', async () => {
	const xml = `<?xml version="1.0"?><eExact><Accounts>
		<Account code="900001"><Name>Jansen &amp; Zn</Name></Account>
		<Account code="900002"/>
	</Accounts></eExact>`;
	expect(await upload('Accounts', xml)).toEqual(['2 Created', '0 Mandatory: Name']);
	expect((await upload('Accounts', xml))[0]).toBe('2 Updated');
	const made = await service.rows('crm/Accounts', { $filter: "trim(Code) eq '900001'" });
	expect(made.map((row) => row['Name'])).toEqual(['Jansen & Zn']);
	service.client.simulator.configure({ xmlErrorType: 1 });
	expect((await upload('Accounts', xml))[1]).toBe('1 Mandatory: Name');
});

test('what is no document, and what is no topic', async () => {
	expect(await upload('Items', '<eExact><Items>')).toEqual(['3 The XML document is not valid.']);
	expect(await upload('Nothing', '<eExact></eExact>')).toEqual(['3 Invalid: Topic Nothing']);
	expect(await upload('MatchSets', '<eExact><MatchSet/></eExact>')).toEqual(['2 Created']);
});

test('a download holds a page of elements and where the next begins', async () => {
	const seed = { division: service.client.division, endpoint: 'logistics/Items', count: 1000 };
	await service.client.control('POST', 'rows', {
		...seed,
		row: { Code: 'X{n}', Description: '<{n}>' },
	});
	const first = await (await call('XMLDownload', { Topic: 'Items' })).text();
	expect(first).toContain('<Description>&lt;1&gt;</Description>');
	expect(first.match(/<Item /g)).toHaveLength(1000);
	const place = /ts_d="([^"]+)"/.exec(first)?.[1] ?? '';
	const rest = await (await call('XMLDownload', { Topic: 'Items', TSPaging: place })).text();
	expect(rest.match(/<Item /g)).toHaveLength(24);
	expect(rest).not.toContain('ts_d');
});

test('it counts against the limits of its division, and needs a token and a division', async () => {
	const limited = await call('XMLDownload', { Topic: 'Journals' });
	expect(limited.headers.get('x-ratelimit-minutely-remaining')).toMatch(/^\d+$/);
	expect((await call('XMLDownload', { Topic: 'Journals', _Division_: '' })).status).toBe(400);
	expect((await call('XMLDownload', { Topic: 'Journals', _Division_: '1' })).status).toBe(404);
	const url = `${service.client.simulator.url}/docs/XMLDownload.aspx?Topic=Journals`;
	expect((await fetch(url)).status).toBe(401);
});
