import { redact, serviceText } from '../../../../nodes/shared/http';

describe('redact', () => {
	it.each([
		['Authorization: Bearer stampNL001.gAAAA-canary', 'Bearer [redacted]'],
		['Basic dXNlcjpjYW5hcnk=', 'Basic [redacted]'],
		['{"access_token":"canary","token_type":"Bearer"}', '"access_token":"[redacted]"'],
		['{"refresh_token" : "can\\"ary"}', '"refresh_token" : "[redacted]"'],
		['{"Password":"canary"}', '"Password":"[redacted]"'],
		['{"code":"canary"}', '"code":"[redacted]"'],
		['grant_type=refresh_token&refresh_token=canary&x=1', 'refresh_token=[redacted]&x=1'],
		['https://host.test/cb?code=canary%21&state=s', 'code=[redacted]&state=s'],
		['client_secret=canary', 'client_secret=[redacted]'],
		['Set-Cookie: .DWPLATFORMAUTH=canary; path=/', 'Set-Cookie: [redacted]'],
		[
			'the cookie .DWPLATFORMAUTH=canary; HttpOnly was lost',
			'.DWPLATFORMAUTH=[redacted]; HttpOnly',
		],
		['jwt eyJhbGciOiJI.canaryPayload.sig', 'jwt [redacted]'],
		[`opaque ${'canary'.repeat(20)} end`, 'opaque [redacted] end'],
	])('takes the secret out of %s', (text, expected) => {
		const result = redact(text);
		expect(result).not.toContain('canary');
		expect(result).toContain(expected);
	});

	it('takes given secrets out in every encoding', () => {
		const secret = 'p"ss w/rd';
		const text = `${secret} ${encodeURIComponent(secret)} ${JSON.stringify(secret)}`;
		expect(redact(text, [secret])).toBe('[redacted] [redacted] "[redacted]"');
	});

	it('takes the longer secret first and leaves very short ones alone', () => {
		expect(redact('abcdef abcd a', ['abcd', 'abcdef', 'a'])).toBe('[redacted] [redacted] a');
	});

	it('leaves what helps a reader', () => {
		const text =
			'{"error":"unauthorized_client","error_description":"Old refresh token used.","error_code":400} Mandatory: Name (3fa85f64-5717-4562-b3fc-2c963f66afa6)';
		expect(redact(text)).toBe(text);
	});
});

describe('serviceText', () => {
	it('brings a page down to its text', () => {
		const page =
			'<!DOCTYPE html><html><head><title>x</title><style>p{}</style></head><body><h1>401</h1>\n<p>No &amp; licence&nbsp;free</p><script>var a</script></body></html>';
		expect(serviceText(page)).toBe('401 No & licence free');
	});

	it('cuts long texts', () => {
		const text = serviceText('word '.repeat(1000));
		expect(text.length).toBeLessThanOrEqual(501);
		expect(text.endsWith('…')).toBe(true);
	});

	it('finds a secret that markup splits from its name', () => {
		expect(serviceText('<p>password=canary1</p>', ['canary1'])).not.toContain('canary1');
	});

	it('is empty for nothing', () => {
		expect(serviceText(' \r\n')).toBe('');
	});
});
