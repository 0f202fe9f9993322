import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { attachmentBody } from '../../../../../nodes/ExactOnline/resources/files/attachmentBody';
import { silentFile } from '../../../../support/silentFile';

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

// Red before: nothing told the file that its body was closed.
it('a file of which nothing was read is closed with its body', async () => {
	const file = silentFile();
	const body = await attachmentBody(fields, async () => file)();
	body.destroy();
	await once(body, 'close');
	expect(file.destroyed).toBe(true);
});
