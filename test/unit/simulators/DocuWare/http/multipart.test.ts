import { randomBytes } from 'node:crypto';

import type { FileNameReading } from '../../../../simulators/DocuWare/http/dispositionParameters';
import {
	boundaryOf,
	MultipartReader,
	type MultipartPart,
} from '../../../../simulators/DocuWare/http/multipart';

const boundary = '--x42';

function read(
	body: Buffer | string,
	{ chunkBytes = Infinity, names = 'both' as FileNameReading } = {},
): MultipartPart[] | undefined {
	const reader = new MultipartReader(boundary, 1_000_000, names);
	const bytes = Buffer.from(body);
	const step = Math.min(chunkBytes, bytes.length);
	for (let at = 0; at < bytes.length; at += step) reader.write(bytes.subarray(at, at + step));
	return reader.end();
}

const part = (headers: string, content: Buffer | string): Buffer =>
	Buffer.concat([
		Buffer.from(`--${boundary}\r\n${headers}\r\n\r\n`),
		Buffer.from(content),
		Buffer.from('\r\n'),
	]);
const end = Buffer.from(`--${boundary}--\r\n`);

describe('a multipart body', () => {
	it.each([Infinity, 4096, 61, 7, 1])('is read in chunks of %d bytes', (chunkBytes) => {
		const content = Buffer.concat([
			randomBytes(5000),
			Buffer.from(`\r\n--${boundary.slice(0, 3)}\r\n--`),
			randomBytes(50),
		]);
		const body = Buffer.concat([
			Buffer.from('a preamble\r\n'),
			part(
				'Content-Disposition: form-data; name="document"; filename="d.json"\r\nContent-Type: application/json',
				'{}',
			),
			part('content-disposition: form-data; name=File[]; fileName=a.pdf', content),
			part('Content-Disposition: form-data; name="empty"', ''),
			end,
			Buffer.from('an epilogue'),
		]);
		const parts = read(body, { chunkBytes });
		expect(parts?.map(({ name, fileName, contentType }) => [name, fileName, contentType])).toEqual([
			['document', 'd.json', 'application/json'],
			['File[]', 'a.pdf', 'text/plain'],
			['empty', undefined, 'text/plain'],
		]);
		expect(parts?.map((entry) => entry.content.bytes().toString('hex'))).toEqual([
			Buffer.from('{}').toString('hex'),
			content.toString('hex'),
			'',
		]);
	});

	it.each([
		['without its closing delimiter', part('content-disposition: form-data; name=a', 'x')],
		['with nothing in it', ''],
		['with a delimiter that goes on', `--${boundary}no\r\n\r\nx\r\n--${boundary}--`],
		['with line feeds alone', `--${boundary}\na: b\n\nx\n--${boundary}--`],
		['with endless headers', `--${boundary}\r\na: ${'b'.repeat(20_000)}\r\n\r\nx\r\n`],
	])('%s is broken', (_, body) => {
		expect(read(Buffer.concat([Buffer.from(body)]))).toBeUndefined();
	});

	const plain = 'content-disposition: form-data; name="f"; filename="Größe \\"1\\".pdf"';
	const extended = "content-disposition: form-data; name=f; filename*=UTF-8''Gr%C3%B6%C3%9Fe.pdf";
	const asLatin1 = Buffer.from('Größe "1".pdf').toString('latin1');
	it.each<[FileNameReading, string, string | undefined]>([
		['both', plain, 'Größe "1".pdf'],
		['both', extended, 'Größe.pdf'],
		['plain', plain, 'Größe "1".pdf'],
		['plain', extended, undefined],
		['extended', plain, asLatin1],
		['extended', extended, 'Größe.pdf'],
		[
			'both',
			'content-disposition: form-data; name="f"; filename="C:\\dir\\a.pdf"',
			'C:\\dir\\a.pdf',
		],
	])('names a file, read as %s, by %j', (names, headers, expected) => {
		const body = Buffer.concat([part(headers, 'x'), end]);
		expect(read(body, { names })?.[0]).toMatchObject({ name: 'f' });
		expect(read(body, { names })?.[0]?.fileName).toBe(expected);
	});

	it.each([
		['multipart/form-data; boundary=a1', 'a1'],
		['Multipart/Form-Data; charset=utf-8; boundary="a b"', 'a b'],
		['application/json; boundary=a', undefined],
		['multipart/form-data', undefined],
	])('has its boundary in %j', (type, expected) => {
		expect(boundaryOf(type)).toBe(expected);
	});
});
