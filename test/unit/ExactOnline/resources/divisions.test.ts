import { randomUUID } from 'node:crypto';
import { list, odataError, type Script } from '../api/support/exactServer';
import { createAccessTokenSource } from '../../../../nodes/ExactOnline/auth/nodeAccessTokenSource';
import { FakeTokenSource } from '../api/support/fakes';
import { useExactNode, withMe } from './support/exactNode';

jest.mock('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource');

const { runItems: run, server } = useExactNode();

const targets = () => server.requests.map(({ target }) => target);

describe('Division Get Many', () => {
	const getMany = { resource: 'division', operation: 'getAll', limit: 5 };

	it('reads system/Divisions with the filters', async () => {
		server.answer(withMe(() => list([{ Code: 1 }])));
		await run({ ...getMany, filters: { search: 'handel', status: 1 } });
		const search = [
			"substringof('handel',Description) eq true",
			"substringof('handel',CustomerName) eq true",
			"substringof('Handel',Description) eq true",
			"substringof('Handel',CustomerName) eq true",
		].join(' or ');
		expect(targets()[1]).toBe(
			'/api/v1/42/system/Divisions?$select=Code,Description,CustomerName,Hid,Status,Country,Currency,IsMainDivision' +
				`&$filter=(${search}) and (Status eq 1)&$top=5`,
		);
	});

	it('falls back to hrm/Divisions with the same field names, and remembers that', async () => {
		server.answer(
			withMe(({ target }) =>
				target.includes('system/Divisions')
					? odataError(403, 'Forbidden')
					: list([{ Code: 1, HID: 12, Main: true }]),
			),
		);
		const item = {
			...getMany,
			output: 'selected',
			fieldsToReturn: ['Hid', 'IsMainDivision', 'City'],
		};
		const output = await run([item, item]);
		expect(output.map(({ json }) => json)).toEqual([
			{ Code: 1, Hid: 12, IsMainDivision: true },
			{ Code: 1, Hid: 12, IsMainDivision: true },
		]);
		expect(targets().slice(1)).toEqual([
			'/api/v1/42/system/Divisions?$select=Code,Hid,IsMainDivision,City&$top=5',
			'/api/v1/42/hrm/Divisions?$select=Code,HID,Main&$top=5',
			'/api/v1/42/hrm/Divisions?$select=Code,HID,Main&$top=5',
		]);
	});

	it('ends with the current division alone', async () => {
		const me = { CurrentDivision: 42, DivisionCustomerName: 'Holding' };
		server.answer(({ target }) =>
			target.includes('/current/Me') ? list([me]) : odataError(404, 'Resource not found.'),
		);
		const output = await run(getMany);
		expect(output[0]?.json).toEqual({ Code: 42, CustomerName: 'Holding' });
	});

	it('remembers a list for the present log-in alone', async () => {
		const source = new FakeTokenSource(server.baseUrl, randomUUID());
		jest.mocked(createAccessTokenSource).mockResolvedValue(source as never);
		const asked = () => targets().filter((target) => target.includes('system/Divisions')).length;
		server.answer(
			withMe(({ target }) =>
				target.includes('system/Divisions') ? odataError(404, 'Not here.') : list([{ Code: 1 }]),
			),
		);
		await run([getMany, getMany]);
		expect(asked()).toBe(1);
		source.loginMark = 'login-2';
		await run(getMany);
		expect(asked()).toBe(2);
	});

	it('remembers a list for ten minutes: rights and licences change', async () => {
		const source = new FakeTokenSource(server.baseUrl, randomUUID());
		jest.mocked(createAccessTokenSource).mockResolvedValue(source as never);
		const asked = () => targets().filter((target) => target.includes('system/Divisions')).length;
		server.answer(
			withMe(({ target }) =>
				target.includes('system/Divisions') ? odataError(404, 'Not here.') : list([{ Code: 1 }]),
			),
		);
		const begun = Math.ceil(Date.now() / 600_000) * 600_000;
		const clock = jest.spyOn(Date, 'now');
		try {
			for (const [at, times] of [
				[begun, 1],
				[begun + 599_000, 1],
				[begun + 600_001, 2],
			] as const) {
				clock.mockReturnValue(at);
				await run(getMany);
				expect(asked()).toBe(times);
			}
		} finally {
			clock.mockRestore();
		}
	});

	it('searches the current division too, where it is all there is', async () => {
		const me = { CurrentDivision: 42, DivisionCustomerName: 'Holding' };
		const script: Script = ({ target }) =>
			target.includes('/current/Me') ? list([me]) : odataError(404, 'Resource not found.');
		server.answer(script);
		await expect(run({ ...getMany, filters: { search: 'shop' } })).resolves.toEqual([]);
		await expect(run({ ...getMany, filters: { search: ' HOLD' } })).resolves.toHaveLength(1);
		await expect(run({ ...getMany, filters: { search: '42' } })).resolves.toHaveLength(1);
	});

	it.each([
		['the division', odataError(403, 'Forbidden', { Reason: 'NoDivisionAccess' })],
		['the division, in words', odataError(403, 'The division is not in the scope of the app')],
		['both lists', odataError(403, 'Forbidden')],
	])(
		'never offers the current division where %s was refused, and names consent',
		async (_what, refusal) => {
			server.answer(withMe(() => refusal));
			const source = new FakeTokenSource(server.baseUrl, randomUUID());
			jest.mocked(createAccessTokenSource).mockResolvedValue(source as never);
			for (let times = 0; times < 2; times += 1) {
				await expect(run(getMany)).rejects.toMatchObject({
					message: expect.stringMatching(
						/permissions of the app, manage divisions.*\[EXACT_FORBIDDEN\]/,
					),
					description: expect.stringContaining('Manage divisions'),
				});
			}
		},
	);

	it('does not take another error for a missing list', async () => {
		server.answer(withMe(() => odataError(400, 'wrong')));
		await expect(run(getMany)).rejects.toThrow('[EXACT_VALIDATION]');
		expect(server.requests).toHaveLength(2);
	});
});
