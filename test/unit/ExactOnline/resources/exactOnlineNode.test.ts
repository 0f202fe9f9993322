import type { IDataObject } from 'n8n-workflow';
import { list, odataError } from '../api/support/exactServer';
import { createAccessTokenSource } from '../../../../nodes/ExactOnline/auth/nodeAccessTokenSource';
import { until } from '../../../support/until';
import { locator } from '../../../support/n8nContext';
import { useExactNode } from './support/exactNode';

jest.mock('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource');
jest.mock('../../../../nodes/ExactOnline/auth/authorizationStatus', () => ({
	getAuthorizationStatus: async () => await Promise.resolve({ identifier: 'app#user' }),
}));

const { runItems: run, server } = useExactNode();

const targets = () => server.requests.map(({ target }) => target);

describe('Me', () => {
	it('gets the connected user, simplified', async () => {
		server.answer([
			list([{ __metadata: { uri: 'x' }, UserID: 'u', Created: '/Date(1700000000000)/' }]),
		]);
		const output = await run({
			resource: 'me',
			operation: 'get',
			output: 'selected',
			fieldsToReturn: ['UserID', 'FullName', 'Created'],
		});
		expect(output).toEqual([
			{
				json: { recordId: 'u', UserID: 'u', Created: '2023-11-14T22:13:20' },
				pairedItem: { item: 0 },
			},
		]);
		expect(targets()).toEqual(['/api/v1/current/Me?$select=UserID,FullName,Created']);
	});

	it('gives the data as delivered with Raw', async () => {
		const row = { __metadata: { uri: 'x' }, UserID: 'u', Created: '/Date(1700000000000)/' };
		server.answer([list([row])]);
		const output = await run({ resource: 'me', operation: 'get', output: 'raw' });
		expect(output[0]?.json).toEqual({ recordId: 'u', ...row });
	});
});

describe('Call Limits', () => {
	const reset = () => String((Math.floor(Date.now() / 60_000) + 1) * 60_000);
	const headers = () => ({
		'X-RateLimit-Limit': '5000',
		'X-RateLimit-Remaining': '4321',
		'X-RateLimit-Reset': String(Date.now() + 7_200_000),
		'X-RateLimit-Minutely-Limit': '60',
		'X-RateLimit-Minutely-Remaining': '57',
		'X-RateLimit-Minutely-Reset': reset(),
	});
	const getMany = { resource: 'account', operation: 'getAll', division: locator('7') };

	it('adds what is left to the output where that is wanted, and only there', async () => {
		server.answer(() => ({ ...list([{ ID: 'a' }]), headers: headers() }));
		const [plain] = await run(getMany);
		expect(plain?.json).not.toHaveProperty('rateLimits');
		const [told] = await run({ ...getMany, callLimits: { addToOutput: true } });
		expect(told?.json).toMatchObject({
			rateLimits: {
				division: 7,
				minute: { remaining: 57, limit: 60, resetAt: new Date(Number(reset())).toISOString() },
				day: { remaining: 4321, limit: 5000 },
			},
		});
	});

	it('names the first bad item where nine have failed, and a switch turns that off', async () => {
		server.answer([odataError(404, 'Not found.')]);
		const items = Array.from({ length: 12 }, (_none, n) => ({
			resource: 'customApiCall',
			operation: 'call',
			division: locator('7'),
			method: 'DELETE',
			path: `crm/Accounts(guid'00000000-0000-0000-0000-0000000000${n + 10}')`,
		}));
		const output = await run(items, { continueOnFail: true });
		expect(targets()).toHaveLength(9);
		expect((output[9]?.json.error as IDataObject).message).toMatch(
			/^9 requests to crm\/Accounts failed within an hour\. The first was of item 0 .*Not found\. Exact Online .*EXACT_ERROR_BUDGET/,
		);
		server.answer([odataError(404, 'not found')]);
		const off = items.map((item) => ({ ...item, callLimits: { stopBeforeBlock: false } }));
		await run(off, { continueOnFail: true });
		expect(targets()).toHaveLength(12);
	});

	it('tells in Get Status what all workers know', async () => {
		server.answer(({ target }) => ({
			...(target.includes('Contacts') ? odataError(400, 'wrong') : list([{ ID: 'a' }])),
			headers: headers(),
		}));
		await run(getMany);
		await run({ ...getMany, resource: 'contact' }, { continueOnFail: true });
		const status = async () =>
			(await run({ resource: 'authorization', operation: 'getStatus' }))[0]?.json.limits as {
				divisions: IDataObject[];
			};
		// What a batch has seen is told when it is given back.
		await until(async () => (await status()).divisions[0]?.batchesInHand === 0);
		expect(await status()).toMatchObject({
			divisions: [{ division: 7, minute: { limit: 60 }, day: { remaining: 4321 } }],
			errors: [{ division: 7, endpoint: 'crm/Contacts', errorsInHour: 1, heldBackUntil: null }],
		});
	});
});

describe('Authorization Get Status', () => {
	it('gives what the vault knows, without a request', async () => {
		server.answer([]);
		const output = await run({ resource: 'authorization', operation: 'getStatus' });
		const limits = { divisions: [], errors: [] };
		expect(output).toEqual([{ json: { identifier: 'app#user', limits }, pairedItem: { item: 0 } }]);
		expect(server.requests).toHaveLength(0);
	});
});

describe('failures', () => {
	const getMany = { resource: 'account', operation: 'getAll', division: locator('1') };

	it('name the item, and stop the run', async () => {
		server.answer([list([{ ID: 'a' }]), odataError(400, 'Mandatory: Name'), list([])]);
		const error: unknown = await run([getMany, getMany, getMany]).catch(
			(reason: unknown) => reason,
		);
		expect(error).toMatchObject({
			message: 'Exact Online refused the request: Mandatory: Name [EXACT_VALIDATION]',
			context: { itemIndex: 1 },
		});
		expect(server.requests).toHaveLength(2);
	});

	it('become error items under Continue On Fail, and the others go on', async () => {
		server.answer([list([{ ID: 'a' }]), odataError(400, 'Mandatory: Name'), list([{ ID: 'c' }])]);
		const output = await run([getMany, getMany, getMany], { continueOnFail: true });
		expect(output).toEqual([
			{ json: { ID: 'a' }, pairedItem: { item: 0 } },
			{
				json: {
					error: {
						message: 'Exact Online refused the request: Mandatory: Name [EXACT_VALIDATION]',
						description: 'Correct the filter, the fields or the order that the message names.',
						code: 'EXACT_VALIDATION',
					},
				},
				pairedItem: { item: 1 },
			},
			{ json: { ID: 'c' }, pairedItem: { item: 2 } },
		]);
	});

	it('of the authorization are treated alike', async () => {
		jest.mocked(createAccessTokenSource).mockRejectedValue(new Error('no credential'));
		const output = await run(getMany, { continueOnFail: true });
		expect(output[0]?.json.error).toMatchObject({ message: 'no credential' });
	});

	it('a cancel ends the run even under Continue On Fail', async () => {
		const controller = new AbortController();
		server.answer(async () => {
			controller.abort();
			return await new Promise(() => undefined);
		});
		const settings = { continueOnFail: true, signal: controller.signal };
		await expect(run([getMany, getMany], settings)).rejects.toThrow('[EXACT_CANCELLED]');
		expect(server.requests).toHaveLength(1);
	});

	it('an operation that this version lacks is named', async () => {
		await expect(run({ resource: 'account', operation: 'teleport' })).rejects.toThrow(
			'[EXACT_UNKNOWN_OPERATION]',
		);
	});
});

it('Get Access Token gives nothing out unless a person has switched it on, and asks for a sensible life', async () => {
	server.answer([]);
	const operation = { resource: 'authorization', operation: 'getAccessToken' };
	await expect(run(operation)).rejects.toThrow('[EXACT_SECRET_NOT_WANTED]');
	const wanted = { ...operation, showAccessToken: true };
	await expect(run({ ...wanted, minimumLife: 541 })).rejects.toThrow('[EXACT_INVALID_VALUE]');
	await expect(run({ ...wanted, minimumLife: 'soon' })).rejects.toThrow('[EXACT_INVALID_VALUE]');
	expect(server.requests).toEqual([]);
});

it.each(['forget', 'releaseRegistration', 'takeOverRegistration'])(
	'does nothing on %s before a person has confirmed it',
	async (operation) => {
		const done = run({ resource: 'authorization', operation, confirmed: false });
		await expect(done).rejects.toThrow('[EXACT_NOT_CONFIRMED]');
		expect(server.requests).toEqual([]);
	},
);

it.each(['forget', 'getAccessToken', 'releaseRegistration', 'takeOverRegistration'])(
	'as an AI tool refuses %s of an authorization before anything is opened',
	async (operation) => {
		jest.mocked(createAccessTokenSource).mockClear();
		const asTool = { nodeType: 'n8n-nodes-exactonline-docuware.exactOnlineTool' };
		await expect(run({ resource: 'authorization', operation }, asTool)).rejects.toThrow(
			'[EXACT_NOT_FOR_AI]',
		);
		expect(createAccessTokenSource).not.toHaveBeenCalled();
	},
);
