import { operation, useNode } from './support/nodeFixture';

const { start } = useNode();

const INVOICES = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';
const PERSONNEL = '4d3b1f86-7f52-4f7c-8a9f-2b6a5d0e3c20';
const listCabinets = operation('fileCabinet', 'getAll', { returnAll: true });
const customCall = (parameters: Record<string, string | object>) =>
	operation('customApiCall', 'call', parameters as never);

describe('the DocuWare node on a server with cookies', () => {
	it('reads organizations and file cabinets with one log-on for all items', async () => {
		const { run, simulator } = await start();
		const items = Array.from({ length: 20 }, () => ({}));
		const cabinets = await run(listCabinets, { items });
		expect(cabinets.items).toHaveLength(40);
		expect(cabinets.items[39]).toMatchObject({
			json: { Name: 'Personnel', IsBasket: false },
			pairedItem: { item: 19 },
		});
		expect(cabinets.items[0]?.json).not.toHaveProperty('Links');
		const organizations = await run(operation('organization', 'getAll'));
		expect(organizations.items.map(({ json }) => json.Name)).toEqual(['Peters Engineering']);
		expect(simulator.counters.logOns).toEqual({ password: 1, token: 0 });
	});

	it('lists document trays', async () => {
		const { run } = await start();
		const { items } = await run(operation('fileCabinet', 'getAll', { kind: 'trays' }));
		expect(items.map(({ json }) => json.Name)).toEqual(['Inbox', 'Inbox']);
	});

	it('stores a document by a Custom API Call and reads it back', async () => {
		const { run, simulator } = await start();
		const stored = await run(
			customCall({
				method: 'POST',
				path: `FileCabinets/${INVOICES}/Documents`,
				bodyType: 'binary',
			}),
			{
				items: [
					{
						binary: {
							data: {
								data: Buffer.from('%PDF-1.7').toString('base64'),
								mimeType: 'application/pdf',
								fileName: 'Rechnung.pdf',
							},
						},
					},
				],
			},
		);
		expect(stored.items[0]?.json).toMatchObject({ Title: 'Rechnung.pdf', FileSize: 8 });
		const id = String(stored.items[0]?.json.Id);
		const read = await run(customCall({ path: `FileCabinets/${INVOICES}/Documents/${id}` }));
		expect(read.items[0]?.json).toMatchObject({ ContentType: 'application/pdf' });
		expect(simulator.counters.documentsStored).toBe(1);
	});

	it('sends an upload again after a session that an administrator has ended', async () => {
		const { run, simulator } = await start();
		await run(listCabinets);
		simulator.revokeSessions();
		const upload = customCall({
			method: 'POST',
			path: `FileCabinets/${INVOICES}/Documents`,
			bodyType: 'json',
			jsonBody: '{"Fields":[{"FieldName":"COMPANY","Item":"Peters","ItemElementName":"String"}]}',
		});
		await run(upload);
		expect(simulator.counters.documentsStored).toBe(1);
		expect(simulator.counters.logOns).toEqual({ password: 2, token: 0 });
	});

	it('sends a POST that fails with 500 once, and logs on once for a 404', async () => {
		const { run, simulator } = await start();
		simulator.faults.push({
			kind: 'status',
			status: 500,
			body: '{"Message":"Out of order."}',
			where: { method: 'POST' },
			skip: 1,
		});
		await expect(
			run(customCall({ method: 'POST', path: 'FileCabinets', bodyType: 'json' })),
		).rejects.toMatchObject({ message: expect.stringContaining('[DOCUWARE_SERVER_ERROR]') });
		await expect(run(customCall({ path: 'Nothing/Here' }))).rejects.toMatchObject({
			message: expect.stringContaining('[DOCUWARE_NOT_FOUND]'),
			httpCode: '404',
		});
		expect(simulator.counters.logOns).toEqual({ password: 1, token: 0 });
		expect(simulator.counters.requests['POST FileCabinets']).toBe(1);
	});

	it('gives every refusal its code, and goes on with the other items', async () => {
		const { run, credential } = await start();
		const paths = [
			`FileCabinets/${PERSONNEL}`,
			'FileCabinets/not-an-id',
			'https://evil.example/',
			'Account/LogOff',
			'Organizations',
		];
		const { items } = await run(customCall({ path: '={{ $json.path }}' }), {
			credentials: credential({ userName: 'peggy.jenkins', password: 'correct horse' }),
			items: paths.map((path) => ({ json: { path } })),
			continueOnFail: true,
		});
		expect(items.map(({ json }) => (json.error as { code?: string } | undefined)?.code)).toEqual([
			'DOCUWARE_FORBIDDEN',
			'DOCUWARE_VALIDATION',
			'DOCUWARE_FOREIGN_HOST',
			'DOCUWARE_INVALID_PARAMETER',
			undefined,
		]);
		expect(items[0]?.json.error).toMatchObject({
			message: expect.stringContaining('peggy.jenkins has no right'),
		});
	});

	it('delivers texts and files', async () => {
		const { run } = await start();
		const text = await run(customCall({ path: 'Organizations', responseFormat: 'text' }));
		expect(String(text.items[0]?.json.data)).toContain('Peters Engineering');
		const file = await run(customCall({ path: 'Organizations', responseFormat: 'file' }));
		const data = Buffer.from(file.items[0]?.binary?.data?.data ?? '', 'base64').toString();
		expect(data).toContain('Peters Engineering');
		const missing = run(customCall({ path: 'Nothing', responseFormat: 'file' }));
		await expect(missing).rejects.toMatchObject({
			message: expect.stringContaining('[DOCUWARE_NOT_FOUND]'),
		});
	});

	it('ends at once when the execution is cancelled, also with Continue On Fail', async () => {
		const { run, simulator } = await start();
		await run(listCabinets);
		const hold = simulator.holds.hold('platform.received', {
			where: { tags: { route: 'FileCabinets' } },
		});
		const controller = new AbortController();
		const running = run(listCabinets, {
			items: [{}, {}],
			continueOnFail: true,
			signal: controller.signal,
		});
		await hold.waiting();
		controller.abort();
		await expect(running).rejects.toMatchObject({
			message: expect.stringContaining('[DOCUWARE_CANCELLED]'),
		});
		expect(simulator.counters.requests['GET FileCabinets']).toBe(2);
	});
});

describe('the DocuWare node on a server with the Identity Service only', () => {
	it('reads file cabinets, without any cookie to the Identity Service', async () => {
		const { run, simulator } = await start({ version: '7.12' });
		const { items } = await run(listCabinets);
		expect(items).toHaveLength(2);
		expect(simulator.counters.grants.password).toBe(1);
		expect(simulator.counters.cookiesSentToIdentityHost).toBe(0);
	});
});
