import { createClientState } from '../../../../../nodes/ExactOnline/api/limits/clientState';
import { ExactOnlineClient } from '../../../../../nodes/ExactOnline/api/exactOnlineClient';
import { ACCOUNTS, failure, useClient } from '../support/clientBench';
import { list, odataError } from '../support/exactServer';
import { FakeTokenSource } from '../support/fakes';

const bench = useClient();

describe('error budget', () => {
	const wrong = { ...ACCOUNTS, query: { $filter: "Nme eq 'x'" } };

	it('holds the same kind of request back after five equal errors, and says until when', async () => {
		const start = bench.clock.now();
		bench.server.answer([odataError(400, "No property 'Nme' exists")]);
		for (let n = 0; n < 5; n++) {
			expect((await failure(bench.client.request(wrong))).code).toBe('EXACT_VALIDATION');
		}
		const error = await failure(bench.client.request(wrong));
		expect(error).toMatchObject({ code: 'EXACT_ERROR_BUDGET', retryAt: start + 3_600_000 });
		expect(error.message).toContain(new Date(start + 3_600_000).toISOString());
		expect(error.message).toContain("No property 'Nme' exists");
		expect(bench.server.requests).toHaveLength(5);

		bench.server.answer([list([])]);
		await bench.client.request({ ...ACCOUNTS, query: { $filter: "Name eq 'x'" } });
		await bench.client.request({ ...wrong, division: 456 });
		await bench.newClient('another credential').request(wrong);
		bench.clock.time = start + 3_600_001;
		await bench.client.request(wrong);
		expect(bench.server.requests).toHaveLength(4);
	});

	it('a success in between starts the count of equal errors anew', async () => {
		for (let round = 0; round < 2; round++) {
			bench.server.answer([odataError(400, 'wrong')]);
			for (let n = 0; n < 4; n++) await failure(bench.client.request(wrong));
			bench.server.answer([list([])]);
			await bench.client.request(wrong);
		}
		expect(bench.server.requests).toHaveLength(1);
	});

	it('holds everything at the endpoint back after nine errors of any kind', async () => {
		bench.server.answer([odataError(404, 'not found')]);
		for (let n = 0; n < 9; n++) {
			const path = `crm/Accounts(guid'00000000-0000-0000-0000-00000000000${n}')`;
			expect((await failure(bench.client.request({ ...ACCOUNTS, path }))).code).toBe(
				'EXACT_NOT_FOUND',
			);
		}
		expect((await failure(bench.client.request(ACCOUNTS))).code).toBe('EXACT_ERROR_BUDGET');
		expect(bench.server.requests).toHaveLength(9);
		bench.server.answer([list([])]);
		await bench.client.request({ ...ACCOUNTS, path: 'crm/Contacts' });
	});

	const post = (VATCode: string, one = bench.client) =>
		failure(one.request({ ...ACCOUNTS, method: 'POST', body: { Name: 'A', VATCode } }));

	it('sends a write with a corrected value after five with a wrong one', async () => {
		bench.server.answer([odataError(400, 'Wrong VAT code')]);
		for (let n = 0; n < 6; n++) await post('9');
		expect(bench.server.requests).toHaveLength(5);
		bench.server.answer([{ status: 201, body: { d: { ID: 'a' } } }]);
		await bench.client.request({ ...ACCOUNTS, method: 'POST', body: { Name: 'A', VATCode: '2' } });
		expect(bench.server.requests).toHaveLength(1);
	});

	it('keeps the last three of nine errors for requests by hand and for values that have not failed', async () => {
		const source = new FakeTokenSource(bench.server.baseUrl);
		const automatic = new ExactOnlineClient(source, {
			clock: bench.clock,
			state: bench.state,
			credentialId: 'cred',
			automatic: true,
		});
		bench.server.answer([odataError(400, 'Wrong VAT code')]);
		for (const value of ['a', 'b', 'c', 'd', 'e', 'f']) await post(value, automatic);
		expect(bench.server.requests).toHaveLength(6);
		expect((await post('a', automatic)).code).toBe('EXACT_ERROR_BUDGET');
		expect((await post('g', automatic)).code).toBe('EXACT_VALIDATION');
		expect((await post('a')).code).toBe('EXACT_VALIDATION');
		expect((await post('h', automatic)).code).toBe('EXACT_VALIDATION');
		expect(bench.server.requests).toHaveLength(9);
		expect((await post('i')).code).toBe('EXACT_ERROR_BUDGET');
		expect(bench.server.requests).toHaveLength(9);
	});

	it('counts a bad item among good ones of the same kind, and holds that one alone back', async () => {
		const source = new FakeTokenSource(bench.server.baseUrl);
		const parts = { clock: bench.clock, state: bench.state, credentialId: 'cred', automatic: true };
		const automatic = new ExactOnlineClient(source, parts);
		const isBad = (text: string) => decodeURIComponent(text).includes('bad');
		bench.server.answer(({ target, body }) =>
			isBad(target + body) ? odataError(400, 'Wrong VAT code') : list([]),
		);
		const write = { ...ACCOUNTS, method: 'POST' } as const;
		const read = { ...ACCOUNTS, path: 'crm/Contacts' };
		for (let round = 0; round < 12; round++) {
			await post('bad', automatic);
			await automatic.request({ ...write, body: { Name: 'A', VATCode: 'good' } });
			await failure(automatic.request({ ...read, query: { $filter: "VATCode eq 'bad'" } }));
			await automatic.request({ ...read, query: { $filter: "VATCode eq 'good'" } });
		}
		const sent = bench.server.requests.map(({ method, target, body }) => [
			method,
			isBad(target + body),
		]);
		const count = (method: string, bad: boolean) =>
			sent.filter((one) => one[0] === method && one[1] === bad).length;
		expect([count('POST', true), count('POST', false)]).toEqual([5, 12]);
		expect([count('GET', true), count('GET', false)]).toEqual([5, 12]);
	});

	it('goes on with good values where five different ones were refused in between', async () => {
		bench.server.answer(({ target }) =>
			target.includes('bad') ? odataError(400, 'no') : list([]),
		);
		const read = (value: string) =>
			bench.client.request({ ...ACCOUNTS, query: { $filter: `Code eq '${value}'` } });
		for (let n = 0; n < 6; n++) {
			await failure(read(`bad ${'abcdef'.charAt(n)}`));
			await read('good');
		}
		expect(bench.server.requests).toHaveLength(12);
	});

	it('sends a read with a corrected value after five with different wrong ones, until nine have failed', async () => {
		bench.server.answer(({ target }) =>
			target.includes('good') ? list([]) : odataError(400, 'no'),
		);
		const read = (value: string) =>
			bench.client.request({ ...ACCOUNTS, query: { $filter: `Code eq '${value}'` } });
		for (let n = 0; n < 5; n++) await failure(read(`wrong ${n}`));
		await read('good');
		for (let n = 5; n < 12; n++) await failure(read(`wrong ${n}`));
		expect((await failure(read('good'))).code).toBe('EXACT_ERROR_BUDGET');
		expect(bench.server.requests).toHaveLength(1 + 9);
	});

	it('sends a request that fails over and over once an hour, until it goes well', async () => {
		bench.server.answer([odataError(400, 'Wrong VAT code')]);
		for (let n = 0; n < 5; n++) await post('9');
		for (let hour = 0; hour < 3; hour++) {
			bench.clock.time += 3_600_001;
			for (let n = 0; n < 4; n++) await post('9');
		}
		expect(bench.server.requests).toHaveLength(5 + 3);
		bench.clock.time += 3_600_001;
		bench.server.answer([{ status: 201, body: '' }]);
		const request = { ...ACCOUNTS, method: 'POST', body: { Name: 'A', VATCode: '9' } } as const;
		await bench.client.request(request);
		bench.server.answer([odataError(400, 'Wrong VAT code')]);
		for (let n = 0; n < 6; n++) await post('9');
		expect(bench.server.requests).toHaveLength(5);
	});

	it('a 401 holds nothing back that goes out with another token', async () => {
		const me = { method: 'GET', path: 'current/Me' } as const;
		for (const automatic of [false, true]) {
			const source = new FakeTokenSource(bench.server.baseUrl);
			bench.state = createClientState();
			const one = new ExactOnlineClient(source, {
				clock: bench.clock,
				state: bench.state,
				credentialId: 'cred',
				automatic,
			});
			bench.server.answer([{ status: 401, body: 'Unauthorized' }]);
			for (let n = 0; n < 8; n++) await failure(one.request(me));
			expect(bench.server.requests).toHaveLength(5);
			expect((await failure(one.request(me))).code).toBe('EXACT_ERROR_BUDGET');
			source.generation += 1;
			bench.server.answer([list([{ UserID: 'u' }])]);
			await one.request(me);
		}
	});

	it('tells nothing of values and tokens in what it keeps', async () => {
		bench.server.answer([odataError(400, 'wrong')]);
		await post('secret-value');
		bench.server.answer([{ status: 401, body: 'Unauthorized' }]);
		await post('secret-value');
		expect(JSON.stringify([...bench.state.errors])).not.toContain('secret');
	});

	it('counts what Exact counts: not 429, not 5xx', async () => {
		bench.server.answer([odataError(500, 'A problem has occurred.')]);
		for (let n = 0; n < 12; n++) await failure(bench.client.request(ACCOUNTS));
		// Each is sent three times more.
		expect(bench.server.requests).toHaveLength(12 * 4);
	});

	it.each([429, 403])('understands a block by the service with status %i', async (status) => {
		bench.server.answer([{ status, body: 'API rate limit exceeded' }]);
		expect((await failure(bench.client.request(ACCOUNTS))).code).toBe('EXACT_ERROR_BUDGET');
		expect((await failure(bench.client.request(ACCOUNTS))).code).toBe('EXACT_ERROR_BUDGET');
		expect(bench.server.requests).toHaveLength(1);
		expect(bench.clock.sleeps).toEqual([]);
		bench.server.answer([list([])]);
		bench.clock.time += 3_600_001;
		await bench.client.request(ACCOUNTS);
	});
});
