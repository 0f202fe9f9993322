import {
	logOnRefused,
	organizationUnknown,
	tokenRefused,
	wrongPassword,
} from '../../../../nodes/DocuWare/platform/logOnErrors';

/** Texts say only what happened, and what helps there. */
describe('the text of', () => {
	it('a refused login token says where a new one belongs, unless it was one of the vault', () => {
		expect(tokenRefused('api', null).repair).toContain('put it where the old one was');
		expect(tokenRefused('api', null, true).repair).not.toContain('where the old one was');
		expect(tokenRefused('api', null, true).repair).toContain('Create Login Token');
	});

	it.each([
		['', /Organization is empty/],
		['Peters', /wrong Organization is refused in the same way/],
	])('a wrong password speaks of Organization %j only where no reason was given', (name, told) => {
		const facts = { detail: null, isSaid: false, organization: name };
		expect(wrongPassword('api', facts).repair).toMatch(told);
		expect(wrongPassword('api', { ...facts, isSaid: true }).repair).not.toMatch(/Organization/);
	});

	it('an unknown organization claims a right password only where that was proved', () => {
		expect(organizationUnknown('api', 'X', null, []).message).toContain('accepts user name');
		for (const [detail, names] of [
			['Unknown organization', []],
			[null, ['A', 'B']],
		] as const) {
			expect(organizationUnknown('api', 'X', detail, names).message).not.toContain('accepts');
		}
		expect(organizationUnknown('api', '', null, []).message).not.toContain('accepts');
	});

	it.each([
		['The user is locked.', /unlock/],
		['Your password has expired.', /new password/],
		['The license has expired.', /renew/],
		['LicenseExpired', /renew/],
		['A verification code is required.', /app registration/],
		['a redirect to https://sso.example/', /address of the DocuWare server/],
		['a log-in by Basic is asked for', /HTTPS_PROXY/],
		['Pas de licence', /Read what DocuWare says/],
	])('a refusal with %j leads to its cure', (words, repair) => {
		const error = logOnRefused('api', words);
		expect(error.message).toContain(words);
		expect(error.repair).toMatch(repair);
	});
});
