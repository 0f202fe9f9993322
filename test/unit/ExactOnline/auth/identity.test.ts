import { setTimeout as delay } from 'node:timers/promises';

import { whoAmI } from '../../../../nodes/ExactOnline/auth/identity';
import type { HttpRequest, HttpResponse } from '../../../../nodes/shared/http';
import { HttpTransportError } from '../../../../nodes/shared/http';

const send = jest.fn<Promise<HttpResponse>, [HttpRequest]>();

jest.mock('node:timers/promises', () => ({ setTimeout: jest.fn(async () => undefined) }));
jest.mock('../../../../nodes/shared/http', () => ({
	...jest.requireActual<object>('../../../../nodes/shared/http'),
	send: async (request: HttpRequest) => await send(request),
}));

const CLIENT = {
	host: 'https://start.exactonline.nl',
	clientId: 'app',
	clientSecret: 'secret',
	ignoreSslIssues: false,
};
const ME = { UserID: 'AB-1', UserName: 'Jan' };

function answer(status: number, body: unknown, headers: Record<string, string> = {}) {
	const text = typeof body === 'string' ? body : JSON.stringify(body);
	return { status, statusText: '', headers, setCookie: [], body: text, url: '' };
}

function pauses(): unknown[] {
	return jest.mocked(delay).mock.calls.map(([ms]) => ms);
}

function answers(...given: Array<ReturnType<typeof answer> | HttpTransportError>) {
	for (const one of given) {
		if (one instanceof HttpTransportError) send.mockRejectedValueOnce(one);
		else send.mockResolvedValueOnce(one);
	}
}

beforeEach(() => {
	send.mockReset();
	jest.mocked(delay).mockClear();
});

describe("whose token it is, by Exact Online's current/Me", () => {
	it.each([
		['a list', { d: { results: [ME] } }],
		['an array', { d: [ME] }],
		['a single entity', { d: ME }],
	])('is read from %s', async (_name, body) => {
		answers(answer(200, body));
		expect(await whoAmI(CLIENT, 'token')).toEqual({ userId: 'ab-1', userName: 'Jan' });
		expect(pauses()).toEqual([]);
	});

	it('is unauthorized where the token was refused, and asked once', async () => {
		answers(answer(401, { fault: { faultstring: 'x' } }));
		expect(await whoAmI(CLIENT, 'token')).toBe('unauthorized');
		expect(send).toHaveBeenCalledTimes(1);
	});

	it('is asked for without $select where that is refused', async () => {
		answers(answer(400, ''), answer(200, { d: { results: [ME] } }));
		await whoAmI(CLIENT, 'token');
		expect(send.mock.calls.map(([{ url }]) => url.includes('$select'))).toEqual([true, false]);
		expect(pauses()).toEqual([]);
	});

	it('costs one error for each asking where any query is refused, and one more in an hour', async () => {
		const client = { ...CLIENT, clientId: 'refused' };
		const asking = async () => await whoAmI(client, 'token').catch(() => undefined);
		send.mockResolvedValue(answer(400, ''));
		for (let asked = 0; asked < 8; asked += 1) await asking();
		expect(send).toHaveBeenCalledTimes(1 + 8);
		const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 3_600_001);
		await asking();
		clock.mockRestore();
		expect(send).toHaveBeenCalledTimes(1 + 8 + 2);
	});

	it('costs no further error where it is known that $select is refused', async () => {
		const client = { ...CLIENT, clientId: 'longer' };
		const me = answer(200, { d: { results: [ME] } });
		answers(answer(400, ''), me, me);
		await whoAmI(client, 'token');
		await whoAmI(client, 'token');
		expect(send.mock.calls.map(([{ url }]) => url.includes('$select'))).toEqual([
			...[true, false],
			false,
		]);
	});

	it('is asked for again while the disturbance may pass', async () => {
		answers(
			new HttpTransportError('HTTP_TIMEOUT', 'late', {
				kind: 'timeout',
				requestSent: true,
				repair: '',
				retryable: true,
			}),
			answer(404, { fault: { faultstring: 'Unable to identify proxy' } }),
			answer(429, '', { 'retry-after': '3' }),
			answer(200, { d: ME }),
		);
		expect(await whoAmI(CLIENT, 'token')).toMatchObject({ userId: 'ab-1' });
		expect(pauses()).toEqual([expect.any(Number), expect.any(Number), 3000]);
	});

	it('gives up after the repeats of any read', async () => {
		send.mockResolvedValue(answer(503, 'down'));
		await expect(whoAmI(CLIENT, 'token')).rejects.toMatchObject({
			code: 'EXACT_IDENTITY_UNAVAILABLE',
			retryable: true,
			httpStatus: 503,
		});
		expect(send).toHaveBeenCalledTimes(4);
	});

	it.each([
		['a status of its own', answer(403, { error: { message: { value: 'no token at all' } } })],
		['the Reason header', answer(403, '', { reason: 'no token at all' })],
	])('says what Exact Online said, without the token: %s', async (_name, given) => {
		answers(given);
		const error: unknown = await whoAmI(CLIENT, 'token').catch((failure: unknown) => failure);
		expect(error).toMatchObject({
			code: 'EXACT_IDENTITY_UNAVAILABLE',
			message: expect.stringContaining('no [redacted] at all') as unknown,
		});
		expect(send).toHaveBeenCalledTimes(1);
	});

	it('passes a failure on that no repeat would help', async () => {
		answers(
			new HttpTransportError('HTTP_TLS_ERROR', 'no certificate', {
				kind: 'tls',
				requestSent: false,
				repair: 'fix it',
			}),
		);
		await expect(whoAmI(CLIENT, 'token')).rejects.toMatchObject({
			code: 'EXACT_IDENTITY_UNAVAILABLE',
			repair: 'fix it',
			retryable: false,
		});
		expect(send).toHaveBeenCalledTimes(1);
	});
});
