import type { KnownRefusal } from '../../../../../nodes/DocuWare/auth/record/logOnRefusals';
import { nextTryAt } from '../../../../../nodes/DocuWare/auth/record/logOnRefusals';

const MINUTE = 60_000;

const REFUSAL: KnownRefusal = {
	code: 'DOCUWARE_WRONG_PASSWORD',
	detail: 'User name or password is incorrect.',
	cause: 'logInData',
	at: 0,
	times: 1,
	personAt: null,
	of: ['own'],
};

const asker = (unchecked: boolean, proof = 'own') => ({ logIn: 'log-in', proof, unchecked });

describe('a wrong password in so many words', () => {
	it.each([true, false])('holds until it changes (any certificate: %s)', (unchecked) => {
		expect(nextTryAt({ ...REFUSAL, unchecked }, asker(true))).toBeNull();
		expect(nextTryAt(REFUSAL, asker(unchecked))).toBeNull();
	});

	it.each([
		[1, 5],
		[2, 15],
		[3, 60],
		[9, 60],
	])(
		'over a certificate that nobody has checked holds whoever checks it for a pause (%i: %i min)',
		(times, minutes) => {
			const refusal = { ...REFUSAL, times, unchecked: true };
			expect(nextTryAt(refusal, asker(false))).toBe(minutes * MINUTE);
		},
	);

	it('of another spelling holds for a pause', () => {
		expect(nextTryAt(REFUSAL, asker(false, 'other'))).toBe(5 * MINUTE);
	});
});
