import { FakeSession } from './support/fakeSession';
import { runOperation } from './support/runOperation';

const session = (operation: string, parameters = {}) => ({
	parameters: { resource: 'session', operation, ...parameters },
});

describe('the resource Session', () => {
	it('logs on and says who, how and since when, without the attempt log and the secret', async () => {
		const fake = new FakeSession();
		const { rows } = await runOperation(fake, session('logOn'));
		expect(fake.calls).toEqual([['logOn', { force: false, signal: undefined }]]);
		expect(rows).toHaveLength(1);
		expect(rows[0]?.json).toMatchObject({
			sessionReference: 'dws1.record.digest',
			identity: expect.stringContaining('Peters Engineering'),
			wayIn: 'cookie',
			openedAt: '2026-01-01T00:00:00.000Z',
			licenceNote: expect.any(String),
			accessTokenExpiresAt: null,
		});
		expect(rows[0]?.json).not.toHaveProperty('attempts');
		expect(JSON.stringify(rows)).not.toContain('RAW');
	});

	it.each(['logOn', 'getStatus', 'tokenLogOn'])(
		'%s puts the secret out where the user asks for it',
		async (operation) => {
			const settings = session(operation, { includeSecret: true });
			const { rows } = await runOperation(new FakeSession(), settings);
			expect(rows[0]?.json).toMatchObject({ cookie: '.DWPLATFORMAUTH=RAW' });
		},
	);

	it('shows the attempts in the status', async () => {
		const { rows } = await runOperation(new FakeSession(), session('getStatus'));
		expect(rows[0]?.json.attempts).toEqual([expect.objectContaining({ kind: 'logon' })]);
	});

	it('logs off with a new login token first, unless that is switched off', async () => {
		const fake = new FakeSession();
		const { rows } = await runOperation(fake, session('logOff'));
		expect(rows[0]?.json).toMatchObject({ loggedOff: true, loginTokenCreated: true });
		const further = { createTokenFirst: false, ifOthersUse: 'logOff' };
		await runOperation(fake, session('logOff', further));
		await runOperation(fake, session('logOff', { ifOthersUse: 'fail' }));
		expect(fake.calls).toMatchObject([
			['logOff', { createTokenFirst: true, force: false, leaveOpen: true }],
			['logOff', { createTokenFirst: false, force: true, leaveOpen: false }],
			['logOff', { createTokenFirst: true, force: false, leaveOpen: false }],
		]);
	});

	it('makes a login token with a preset life, which stays in the vault', async () => {
		const fake = new FakeSession();
		const { rows, hints } = await runOperation(fake, session('createLoginToken'));
		expect(fake.calls).toMatchObject([
			[
				'createLoginToken',
				{ usage: 'Multi', lifetime: '1.00:00:00', targetProducts: ['PlatformService'] },
			],
		]);
		expect(rows[0]?.json).toMatchObject({ created: true, lifetimeSeconds: 86_400 });
		expect(JSON.stringify(rows)).not.toContain('raw-login-token');
		expect(hints).toEqual([]);
	});

	it('makes a login token as asked for, shows warnings, and the token if the user wants it', async () => {
		const fake = new FakeSession();
		fake.warnings = ['DocuWare may shorten a life over 28 days.'];
		const { rows, hints } = await runOperation(
			fake,
			session('createLoginToken', {
				lifetime: 'custom',
				customLifetime: ' 40.00:00:00 ',
				usage: 'Single',
				targetProducts: ['WebClient', 'PlatformService'],
				furtherProducts: 'SmartConnect, WebClient,',
				includeSecret: true,
			}),
		);
		expect(fake.calls).toMatchObject([
			[
				'createLoginToken',
				{
					usage: 'Single',
					lifetime: '40.00:00:00',
					targetProducts: ['WebClient', 'PlatformService', 'SmartConnect'],
				},
			],
			['noteSecretShown', undefined],
		]);
		expect(rows[0]?.json).toMatchObject({
			loginToken: 'raw-login-token',
			warnings: fake.warnings,
		});
		expect(hints).toMatchObject([{ message: fake.warnings[0], type: 'warning' }]);
	});

	it('forgets, by force where the item asks for it', async () => {
		const fake = new FakeSession();
		const { rows } = await runOperation(fake, session('forget', { confirmed: true, force: true }));
		expect(fake.calls).toEqual([['forget', { force: true, signal: undefined }]]);
		expect(rows).toMatchObject([{ json: { forgotten: true, loggedOff: true } }]);
		await runOperation(fake, session('forget', { confirmed: true }));
		expect(fake.calls[1]).toEqual(['forget', { force: false, signal: undefined }]);
	});

	it('forgets nothing before a person has confirmed it', async () => {
		const fake = new FakeSession();
		await expect(runOperation(fake, session('forget', { force: true }))).rejects.toMatchObject({
			code: 'DOCUWARE_NOT_CONFIRMED',
			message: 'Nothing was done, since End This Session for Good is not switched on.',
		});
		expect(fake.calls).toEqual([]);
	});

	it('wants at least one product', async () => {
		const run = runOperation(
			new FakeSession(),
			session('createLoginToken', { targetProducts: [] }),
		);
		await expect(run).rejects.toMatchObject({ code: 'DOCUWARE_INVALID_PARAMETER' });
	});

	it('logs on with the newest token of the vault by default', async () => {
		const fake = new FakeSession();
		await runOperation(fake, session('tokenLogOn'));
		expect(fake.calls[0]?.[1]).toEqual({ signal: undefined });
	});

	it('logs on with a given token, goes on with its session and has it given back', async () => {
		const fake = new FakeSession();
		fake.other = new FakeSession();
		const { kept, rows } = await runOperation(
			fake,
			session('tokenLogOn', { tokenSource: 'given', token: ' abc_def ', tokenUsage: 'Single' }),
		);
		expect(fake.calls[0]).toMatchObject(['tokenLogOn', { token: 'abc_def', usage: 'Single' }]);
		expect(kept).toEqual([fake.other]);
		expect(JSON.stringify(rows)).not.toContain('abc_def');
	});

	it('refuses an empty token', async () => {
		const run = runOperation(new FakeSession(), session('tokenLogOn', { tokenSource: 'given' }));
		await expect(run).rejects.toMatchObject({ code: 'DOCUWARE_INVALID_PARAMETER' });
	});
});

describe('the node as an AI tool', () => {
	const asTool = { nodeType: 'n8n-nodes-exactonline-docuware.docuWareTool' };

	it.each([
		['Force of a log-on', session('logOn', { force: true })],
		['Log Off Anyway', session('logOff', { ifOthersUse: 'logOff' })],
		['Forget', session('forget')],
		['Include Secret in Output', session('getStatus', { includeSecret: true })],
		['Include Secret of a login token', session('createLoginToken', { includeSecret: true })],
		['a switch that is on as text', session('createLoginToken', { includeSecret: 'true' })],
		['a switch in other words', session('getStatus', { includeSecret: ' YES ' })],
		['Force that is on as text', session('logOn', { force: '1' })],
		[
			'Custom API Call',
			{ parameters: { resource: 'customApiCall', operation: 'call', path: 'Organizations' } },
		],
	])('refuses %s', async (_what, settings) => {
		const fake = new FakeSession();
		await expect(runOperation(fake, { ...settings, ...asTool })).rejects.toMatchObject({
			code: 'DOCUWARE_NOT_FOR_AI',
		});
		expect(fake.calls).toEqual([]);
		expect(fake.requests).toEqual([]);
	});

	it("refuses it to n8n's own agents, which run nodes without a workflow", async () => {
		const run = runOperation(new FakeSession(), {
			...session('logOff', { ifOthersUse: 'logOff' }),
			mode: 'internal',
		});
		await expect(run).rejects.toMatchObject({ code: 'DOCUWARE_NOT_FOR_AI' });
	});

	it('lets a model look at the session and make a login token', async () => {
		const fake = new FakeSession();
		await runOperation(fake, { ...session('getStatus'), ...asTool });
		await runOperation(fake, { ...session('createLoginToken'), ...asTool });
		expect(fake.calls).toHaveLength(1);
	});
});
