import { once } from 'node:events';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { openBody } from '../../../../nodes/shared/http';
import { multipartBody, rawBody, type BodyPart } from '../../../../nodes/DocuWare/upload/multipart';
import { silentFile } from '../../../support/silentFile';

function part(changes: Partial<BodyPart> = {}): BodyPart {
	const content = Buffer.from('content');
	const plain = { name: 'File[]', fileName: 'a.pdf', mediaType: 'application/pdf' };
	return { ...plain, content, size: content.length, ...changes };
}

async function sent(parts: readonly BodyPart[]) {
	const { body, headers } = multipartBody(parts, 'BOUNDARY');
	return { bytes: await buffer((await openBody(body)) as Readable), headers };
}

describe('a multipart body', () => {
	it('holds its parts in order, each with its headers', async () => {
		const index = part({
			name: 'document',
			fileName: 'document.json',
			mediaType: 'application/json',
		});
		const { bytes, headers } = await sent([index, part()]);
		expect(bytes.toString()).toBe(
			[
				'--BOUNDARY',
				'Content-Disposition: form-data; name="document"; filename="document.json"',
				'Content-Type: application/json',
				'',
				'content',
				'--BOUNDARY',
				'Content-Disposition: form-data; name="File[]"; filename="a.pdf"',
				'Content-Type: application/pdf',
				'',
				'content',
				'--BOUNDARY--',
				'',
			].join('\r\n'),
		);
		expect(headers['Content-Type']).toBe('multipart/form-data; boundary=BOUNDARY');
		expect(headers['Content-Length']).toBe(String(bytes.length));
	});

	it.each([
		[6, 'more bytes than the 6'],
		[8, 'only 7 bytes of the 8'],
	])('breaks off where a file has not the %i bytes that were noted', async (size, told) => {
		const content = async () => Readable.from([Buffer.from('con'), Buffer.from('tent')]);
		const refused = {
			code: 'DOCUWARE_INVALID_PARAMETER',
			message: expect.stringContaining(told),
		};
		await expect(sent([part({ content, size })])).rejects.toMatchObject(refused);
		const { body } = rawBody(part({ content, size }));
		await expect(buffer((await openBody(body)) as Readable)).rejects.toMatchObject(refused);
	});

	it('tells its length where a name is longer in bytes than in letters', async () => {
		const { bytes, headers } = await sent([part({ fileName: 'Prüfbericht – 日本.pdf' })]);
		expect(headers['Content-Length']).toBe(String(bytes.length));
	});

	it('gives a name beyond ASCII in UTF-8, and after RFC 5987', async () => {
		const { bytes } = await sent([part({ fileName: 'Prüfung.pdf' })]);
		expect(bytes.toString()).toContain(
			`filename="Prüfung.pdf"; filename*=UTF-8''Pr%C3%BCfung.pdf\r\n`,
		);
	});

	it('lets no name break out of its header', async () => {
		const { bytes } = await sent([part({ fileName: '../a"; x\r\nX-Evil: 1.pdf' })]);
		const [, disposition = ''] = bytes.toString().split('\r\n');
		expect(disposition).toBe(
			'Content-Disposition: form-data; name="File[]"; filename="a_; x_X-Evil_ 1.pdf"',
		);
	});

	it('tells no length where a size is not known', async () => {
		const { headers } = await sent([part(), part({ size: undefined })]);
		expect(headers).not.toHaveProperty('Content-Length');
	});

	it('opens a file only when its turn comes, and anew for each sending', async () => {
		let opened = 0;
		const content = async () => {
			opened += 1;
			return await Promise.resolve(Readable.from([Buffer.from('con'), Buffer.from('tent')]));
		};
		const { body } = multipartBody([part({ content })], 'BOUNDARY');
		expect(opened).toBe(0);
		const first = await buffer((await openBody(body)) as Readable);
		const second = await buffer((await openBody(body)) as Readable);
		expect(second).toEqual(first);
		expect(opened).toBe(2);
	});

	it('fails with the file that breaks', async () => {
		const content = async () => {
			const file = new Readable({ read: () => file.destroy(new Error('disk')) });
			return await Promise.resolve(file);
		};
		await expect(sent([part({ content })])).rejects.toThrow('disk');
	});

	it('has another boundary each time', () => {
		const types = [multipartBody([part()]), multipartBody([part()])].map(
			({ headers }) => headers['Content-Type'],
		);
		expect(new Set(types).size).toBe(2);
	});
});

it('a file as the whole body is called as DocuWare wants it', () => {
	const { body, headers } = rawBody({ ...part(), fileName: 'Übersicht.pdf' });
	expect(body).toEqual(Buffer.from('content'));
	expect(headers).toEqual({
		'Content-Type': 'application/pdf',
		'Content-Disposition': `file; filename="Ubersicht.pdf"; filename*=UTF-8''%C3%9Cbersicht.pdf`,
		'Content-Length': '7',
	});
});

describe('a file that is let go', () => {
	// Red before: nothing told the file that its body was closed.
	it('is closed where nothing of it was read', async () => {
		const file = silentFile();
		const body = (await openBody(rawBody(part({ content: async () => file })).body)) as Readable;
		body.destroy();
		await once(body, 'close');
		expect(file.destroyed).toBe(true);
	});

	// Red before: it was closed with its next byte, which does not come.
	it('is closed where it has fallen silent', async () => {
		const file = silentFile();
		const whole = multipartBody([part({ content: async () => file })]).body;
		const body = (await openBody(whole)) as Readable;
		body.resume();
		await once(file, 'asked');
		body.destroy();
		expect(file.destroyed).toBe(true);
	});
});
