import { redact, serviceText } from '../../../../../nodes/shared/http';
import { withoutGivenSecrets } from '../../../../../nodes/shared/http/redaction/givenSecrets';
import { htmlToText } from '../../../../../nodes/shared/http/redaction/htmlText';
import { withoutNamedSecrets } from '../../../../../nodes/shared/http/redaction/namedSecrets';

const lowerPercent = (text: string) => text.replace(/%../g, (escape) => escape.toLowerCase());
const hex4 = (unit: string) => unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
const unicodeEscaped = (text: string) => text.replace(/[^\w ]/g, (unit) => `\\u${hex4(unit)}`);
const xmlEscaped = (text: string) =>
	text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
const numericEntities = (text: string) => text.replace(/[^\w ]/g, (c) => `&#${c.charCodeAt(0)};`);

/** Whoever writes a credential chooses its password; a server of theirs can say anything about it. */
const HOSTILE_SECRETS = [
	'secret 12',
	'a\\"%&b',
	'\\\\\\\\\\x',
	'\\b\\c'.repeat(20),
	'a\\'.repeat(20),
	'\\u005c'.repeat(33),
];

/** Below this the clock says nothing, in milliseconds. */
const LEAST_MEASURED_MS = 0.5;

/** Time on a core, in milliseconds: the least of three tries, so that neither other work nor a collection counts. */
function leastWork(work: () => void): number {
	const tries = [1, 2, 3].map(() => {
		const before = process.cpuUsage();
		work();
		const { user, system } = process.cpuUsage(before);
		return (user + system) / 1000;
	});
	return Math.min(...tries);
}

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
		['refresh_token: canary and more', 'refresh_token: [redacted] and more'],
		['client-secret = "canary canary" ok', 'client-secret = "[redacted]" ok'],
		['{\\"Password\\":\\"ca\\\\\\"nary\\",\\"x\\":1}', '\\"Password\\":\\"[redacted]\\",\\"x\\":1'],
		['{"a":"{\\"access_token\\":\\"canary\\"}"}', '\\"access_token\\":\\"[redacted]\\"'],
		['{"access_token":"canary', '"access_token":"[redacted]'],
		['<LoginToken>canary&amp;canary</LoginToken>', '<LoginToken>[redacted]</LoginToken>'],
		['<d:password xml:lang="x">canary', '[redacted]'],
		['the cookie .DWPLATFORMAUTH=canary was lost', '.DWPLATFORMAUTH=[redacted] was lost'],
		['ASP.NET_SessionId=canary', 'ASP.NET_SessionId=[redacted]'],
		['{"set-cookie":["x=canary"]}', '"set-cookie":["[redacted]"]'],
		['Authorization: Digest response=canary, nonce=canary', 'Authorization: [redacted]'],
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

	it.each([
		['p"ss w/r+d!&<é', 'a form', (secret: string) => new URLSearchParams({ a: secret }).toString()],
		['p"ss w/r+d!&<é', 'a lower-case form', (s: string) => lowerPercent(encodeURIComponent(s))],
		['p"ss w/r+d!&<é', 'a URL in a URL', (s: string) => encodeURIComponent(encodeURIComponent(s))],
		[
			'p"ss w/r+d!&<é',
			'JSON in JSON',
			(secret: string) => JSON.stringify(JSON.stringify({ secret })),
		],
		[
			'p"ss w/r+d!&<é',
			'JSON with escaped slashes',
			(s: string) => JSON.stringify(s).replace('/', '\\/'),
		],
		['p"ss w/r+d!&<é', 'JSON in ASCII', (secret: string) => unicodeEscaped(secret)],
		['p"ss w/r+d!&<é', 'XML', (secret: string) => xmlEscaped(secret)],
		['p"ss w/r+d!&<é', 'XML by numbers', (secret: string) => numericEntities(secret)],
		['p"ss w/r+d!&<é', 'base64', (secret: string) => Buffer.from(secret).toString('base64')],
		[
			'p"ss w/r+d!&<é',
			'base64 behind one byte',
			(s: string) => Buffer.from(`x${s}y`).toString('base64'),
		],
		[
			'p"ss w/r+d!&<é',
			'base64 behind two bytes',
			(s: string) => Buffer.from(`xx${s}`).toString('base64url'),
		],
		[
			'back\\slash\nand\ttab',
			'JSON with control characters',
			(secret: string) => JSON.stringify({ secret }),
		],
		['a\\\\"b\\\\', 'JSON', (secret: string) => JSON.stringify({ secret })],
		['a\\\\"b\\\\', 'JSON in JSON', (s: string) => JSON.stringify(JSON.stringify({ s }))],
		['\\\\&\\b', 'a form', (secret: string) => new URLSearchParams({ secret }).toString()],
		['\\\\&\\b', 'XML', (secret: string) => xmlEscaped(secret)],
		['\\\\&\\b', 'XML by numbers', (secret: string) => numericEntities(secret)],
		['\\\\&\\b', 'JSON in ASCII', (secret: string) => unicodeEscaped(secret)],
		['\\\\&\\b', 'a text', (secret: string) => secret],
		['k'.repeat(1500), 'a long token', (secret: string) => secret],
	])('takes the given secret %j out of %s', (secret, _name, encode) => {
		const said = encode(secret);
		const result = redact(`before ${said} after`, [secret]);
		expect(result).toMatch(/^before .*\[redacted\].* after$/s);
		// Beside the marks nothing may be left that is long enough to tell the secret.
		expect(result.replaceAll('[redacted]', '').length).toBeLessThan(36);
	});

	it.each([
		['a'.repeat(400_000)],
		['eyJ-'.repeat(100_000)],
		['\\'.repeat(400_000)],
		['token='.repeat(70_000)],
		['token:"'.repeat(60_000)],
		['token\\\\\\"'.repeat(40_000)],
		['<token '.repeat(60_000)],
		['<script '.repeat(50_000)],
		['<!--'.repeat(100_000)],
		['<'.repeat(400_000)],
		['cookie '.repeat(60_000)],
		['a=b;'.repeat(100_000)],
		[' '.repeat(400_000)],
		['&'.repeat(400_000)],
		['%25'.repeat(130_000)],
		['secret 1'.repeat(50_000)],
		['a\\\\\\\\'.repeat(80_000)],
		['\\b\\\\c'.repeat(70_000)],
		['authorization=null '.repeat(21_100)],
		['\\u005c'.repeat(67_000)],
	])('takes time that grows with the length of %.12s… alone', (hostile) => {
		// Without the cut, a pattern that looks at a character more than a few times would take minutes.
		const whole = hostile.slice(0, 400_000);
		const pieces = withoutNamedSecrets(withoutGivenSecrets(whole, HOSTILE_SECRETS));
		expect(pieces.length).toBeGreaterThan(0);
		expect(htmlToText(`<p>${whole}`).length).toBeGreaterThanOrEqual(0);
		expect(redact(whole).length).toBeLessThanOrEqual(20_100);
		expect(serviceText(`<html>${whole}`).length).toBeLessThanOrEqual(501);
		// Eight times the length: about eight times the work, where a square would take 64 times.
		const [short, long] = [50_000, 400_000].map((length) =>
			leastWork(() => {
				const text = hostile.slice(0, length);
				withoutNamedSecrets(withoutGivenSecrets(text, HOSTILE_SECRETS));
				htmlToText(`<p>${text}`);
			}),
		);
		expect(long! / Math.max(short!, LEAST_MEASURED_MS)).toBeLessThan(32);
	});

	it('cuts a long text before a word that the cut goes through', () => {
		const result = redact(`${'word '.repeat(3999)}canary1canary2 more`, ['canary1canary2']);
		expect(result).not.toContain('can');
		expect(result.endsWith(' …')).toBe(true);
	});

	it('takes the longer secret first and leaves very short ones alone', () => {
		expect(redact('abcdef abcd a', ['abcd', 'abcdef', 'a'])).toBe('[redacted] [redacted] a');
	});

	it('leaves what helps a reader', () => {
		const text =
			'{"error":"unauthorized_client","error_description":"Old refresh token used.","error_code":400,"token":null} ' +
			'Mandatory: Name (3fa85f64-5717-4562-b3fc-2c963f66afa6), code: 17, OAuth: not expired; "token_type":"Bearer"';
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
