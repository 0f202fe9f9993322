import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { attachmentBody } from '../../../../../nodes/ExactOnline/resources/files/attachmentBody';
import { checkFileSize } from '../../../../../nodes/ExactOnline/resources/files/fileSize';

const fields = { Document: 'd', FileName: 'Größe "1".pdf' };

it.each([
	['in odd pieces', [1, 2, 4, 65_537, 3]],
	['in one piece', [10_000]],
	['without a byte', []],
])(
	'a file that comes %s goes out as one Base64 text, as often as it is sent',
	async (_how, sizes) => {
		const pieces = sizes.map((size) => randomBytes(size));
		const open = attachmentBody(fields, async () => await Promise.resolve(Readable.from(pieces)));
		for (let times = 0; times < 2; times += 1) {
			const sent: unknown = JSON.parse((await buffer(await open())).toString());
			expect(sent).toEqual({ ...fields, Attachment: Buffer.concat(pieces).toString('base64') });
		}
	},
);

it.each([
	['https://start.exactonline.de', 9_500_000, 'fits'],
	['https://start.exactonline.de', 9_500_001, 'refused'],
	['https://start.exactonline.nl', 10_000_000, 'fits'],
	['https://start.exactonline.be', 10_000_001, 'warned'],
	['https://start.exactonline.nl', 38_000_001, 'refused'],
])('at %s a file of %i bytes is %s', (baseUrl, size, expected) => {
	const check = () => checkFileSize('a.pdf', size, baseUrl);
	if (expected === 'refused') expect(check).toThrow('Exact Online takes at most');
	else expect(check() === undefined).toBe(expected === 'fits');
});
