import { createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { isValidation, readSigned } from '../../../../nodes/ExactOnline/wire/webhookDelivery';

const SECRET = 'webhook secret';

const CONTENT =
	'{"Topic":"Accounts","ClientId":"{0A}","Division":123456,"Action":"Update","Key":"3f1b",' +
	'"ExactOnlineEndpoint":"https:\\/\\/start.exactonline.nl/api/v1/123456/crm/Accounts(guid\'3f1b\')",' +
	'"EventCreatedOn":"2026-11-26T10:00:00.123"}';

function hashOf(raw: string, secret = SECRET): string {
	return createHmac('sha256', secret).update(raw).digest('hex').toUpperCase();
}

function bodyOf(raw = CONTENT, hash = hashOf(raw)): Buffer {
	return Buffer.from(`{"Content":${raw},"HashCode":"${hash}"}`);
}

it('reads what is signed over the very characters of the content', () => {
	expect(readSigned(bodyOf(), SECRET)).toEqual({
		content: {
			...{ topic: 'Accounts', clientId: '{0A}', division: 123456, action: 'Update', key: '3f1b' },
			endpoint: "https://start.exactonline.nl/api/v1/123456/crm/Accounts(guid'3f1b')",
			createdOn: '2026-11-26T10:00:00.123',
		},
		hash: hashOf(CONTENT).toLowerCase(),
	});
	const spaced = CONTENT.replaceAll(',', ' ,\n ').replace('Accounts', '\\u0041ccounts');
	expect(readSigned(bodyOf(spaced), SECRET)?.content.topic).toBe('Accounts');
	const turned = Buffer.from(` { "HashCode" : "${hashOf(CONTENT)}" , "Content" : ${CONTENT} } `);
	expect(readSigned(turned, SECRET)?.content.key).toBe('3f1b');
});

it('takes what is signed with the blanks around the content, too', () => {
	const wide = ` ${CONTENT}\n`;
	const body = Buffer.from(`{"Content":${wide},"HashCode":"${hashOf(wide)}"}`);
	expect(readSigned(body, SECRET)?.content.key).toBe('3f1b');
	const other = Buffer.from(`{"Content": ${wide},"HashCode":"${hashOf(wide)}"}`);
	expect(readSigned(other, SECRET)).toBeUndefined();
});

it.each([
	['another secret', bodyOf(CONTENT, hashOf(CONTENT, 'other'))],
	['a changed content', bodyOf(CONTENT.replace('3f1b', '3f1c'), hashOf(CONTENT))],
	['a blank more', bodyOf(`${CONTENT.slice(0, -1)} }`, hashOf(CONTENT))],
	['no signature', Buffer.from(`{"Content":${CONTENT}}`)],
	['an empty one', bodyOf(CONTENT, '')],
	['a signature that is no text', Buffer.from(`{"Content":${CONTENT},"HashCode":7}`)],
	['half of it', bodyOf().subarray(0, 100)],
	['something behind it', Buffer.concat([bodyOf(), Buffer.from('x')])],
	[
		'two contents',
		Buffer.from(`{"Content":{},"Content":${CONTENT},"HashCode":"${hashOf(CONTENT)}"}`),
	],
	[
		'two contents, one of them escaped',
		Buffer.from(`{"\\u0043ontent":{},"Content":${CONTENT},"HashCode":"${hashOf(CONTENT)}"}`),
	],
	['a content that is no object', bodyOf('"Accounts"')],
	['a content that is no JSON', bodyOf('{Topic:1}')],
	['a content without a key', bodyOf('{"Topic":"Accounts","Division":1,"Action":"Update"}')],
	['a division that is no number', bodyOf(CONTENT.replace('123456,', '"x",'))],
	['bytes that are no text', Buffer.concat([bodyOf(), Buffer.from([0xff])])],
	['nothing', Buffer.alloc(0)],
	['brackets without an end', Buffer.from('{"Content":'.repeat(50_000))],
	[
		'a list in lists',
		Buffer.from(`{"Content":${'['.repeat(100_000)}${']'.repeat(100_000)},"HashCode":""}`),
	],
])('takes nothing with %s', (_what, body) => {
	expect(readSigned(body, SECRET)).toBeUndefined();
});

it('takes nothing without a secret', () => {
	expect(readSigned(bodyOf(CONTENT, hashOf(CONTENT, '')), '')).toBeUndefined();
});

it('takes no body that anybody makes up, and fails at none', () => {
	const part = fc.oneof(
		fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '\\', '"Content"', '"HashCode"', CONTENT),
		fc.string({ maxLength: 20 }),
	);
	fc.assert(
		fc.property(
			fc.oneof(
				fc.array(part).map((parts) => parts.join('')),
				fc.json(),
			),
			(text) => {
				expect(readSigned(Buffer.from(text), SECRET)).toBeUndefined();
			},
		),
	);
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
			expect(readSigned(Buffer.from(bytes), SECRET)).toBeUndefined();
		}),
	);
});

it('knows a changed character anywhere in the content', () => {
	const body = bodyOf();
	const start = '{"Content":'.length;
	fc.assert(
		fc.property(fc.nat(CONTENT.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
			const changed = Buffer.from(body);
			changed[start + at] = (changed[start + at] ?? 0) ^ flip;
			expect(readSigned(changed, SECRET)).toBeUndefined();
		}),
	);
});

it('knows the test of a new address by its empty body', () => {
	expect(isValidation(Buffer.alloc(0))).toBe(true);
	expect(isValidation(Buffer.from(' '))).toBe(false);
});

// Red before: a delivery of anybody with a text of some millions of letters was an error of the pattern that looked at it.
it.each([
	['letters', 'x'.repeat(10_000_000)],
	['signs that are escaped', '"\\'.repeat(2_000_000)],
])('looks at texts of any length: %s', (_what, long) => {
	const text = JSON.stringify({ Key: long });
	const content = `${CONTENT.slice(0, -1)},${text.slice(1)}`.replace('"Key":"3f1b",', '');
	expect(readSigned(bodyOf(content), SECRET)?.content.topic).toBe('Accounts');
	expect(readSigned(bodyOf(content, 'AB'), SECRET)).toBeUndefined();
	expect(readSigned(Buffer.from(`{"Content":"${long}`), SECRET)).toBeUndefined();
});
