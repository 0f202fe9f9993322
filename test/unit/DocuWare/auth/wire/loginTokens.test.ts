import fc from 'fast-check';

import { readLifetime } from '../../../../../nodes/DocuWare/auth/wire/loginTokenLifetime';
import { readLoginToken } from '../../../../../nodes/DocuWare/auth/wire/loginTokenRequest';
import { parseTimeSpan } from '../../../../simulators/DocuWare/sessions/timeSpan';

const DAY = 86_400_000;

describe('readLifetime', () => {
	it.each([
		['1.00:00:00', DAY, '1.00:00:00'],
		['00:30:00', DAY / 48, '0.00:30:00'],
		['00:30', DAY / 48, '0.00:30:00'],
		['7', 7 * DAY, '7.00:00:00'],
		[' 28.00:00:00 ', 28 * DAY, '28.00:00:00'],
		['00:00:01.5', 1500, '0.00:00:01.5'],
		['1.00:00:00.0000000', DAY, '1.00:00:00'],
		['00:00:00.2500000', 250, '0.00:00:00.2500000'],
	])('reads %j', (typed, ms, text) => {
		expect(readLifetime(typed)).toEqual({ ms, text, warnings: [] });
	});

	it.each(['28.00:00:01', '365'])('warns about %j', (typed) => {
		expect(readLifetime(typed).warnings).toHaveLength(1);
	});

	it.each([
		'',
		'x',
		'-1.00:00:00',
		'24:00:00',
		'00:60:00',
		'0',
		'00:00:00',
		'366',
		'365.00:00:01',
		'00:30.5',
		'00:00:00.0000001',
	])('refuses %j', (typed) => {
		expect(() => readLifetime(typed)).toThrow(
			expect.objectContaining({ code: 'DOCUWARE_LIFETIME_INVALID' }),
		);
	});

	it('sends what the server reads as the same time', () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 0, max: 364 }),
				fc.integer({ min: 0, max: 23 }),
				fc.integer({ min: 1, max: 59 }),
				(days, hours, minutes) => {
					const { text, ms } = readLifetime(
						`${days}.${hours}:${String(minutes).padStart(2, '0')}:00`,
					);
					expect(parseTimeSpan(text)).toBe(ms);
				},
			),
		);
	});
});

describe('readLoginToken', () => {
	const token = '11111111-2222-3333-4444-555555555555_66666666-7777-8888-9999-000000000000';

	it.each([
		token,
		`"${token}"`,
		`\r\n  ${token} \n`,
		` "${token}" `,
		`{${token}}`,
		`{"Token":"${token}"}`,
		`{"token": " ${token} "}`,
	])('reads %j', (body) => {
		expect(readLoginToken(body)).toBe(token);
	});

	it.each(['', '""', '<html><body>no</body></html>', '{"Links":[],"Version":"6.9"}'])(
		'finds none in %j',
		(body) => {
			expect(readLoginToken(body)).toBeUndefined();
		},
	);
});
