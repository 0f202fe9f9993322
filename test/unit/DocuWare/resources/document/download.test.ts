import { DOCUMENT, documentWith, ofDocument, runDocument as run } from './support/runDocument';

describe('Download', () => {
	// Red before: a section that is HTML was refused as a web page in place of the file.
	it.each([
		[{ Id: '18-18', OriginalFileName: 'mail.html' }, true],
		[{ Id: '18-18', OriginalFileName: 'mail.html', FileSize: 17 }, true],
		[{ Id: '18-18', OriginalFileName: 'mail.html', FileSize: 18 }, false],
		[{ Id: '18-18', ContentType: 'text/html; charset=utf-8' }, true],
		[{ Id: '18-18', ContentType: 'application/pdf', OriginalFileName: 'mail.pdf' }, false],
	])('gives a section that is HTML: %j', async (section, isFile) => {
		const page = { body: '<html>mail</html>', headers: { 'content-type': 'text/html' } };
		const one = { ...ofDocument, downloadFormat: 'section', sectionId: '18-18' };
		const told = { body: section };
		const asked = run('download', [told, page, told, page], one);
		if (!isFile) {
			await expect(asked).rejects.toMatchObject({ code: 'DOCUWARE_UNEXPECTED_ANSWER' });
			return;
		}
		const data = (await asked).rows[0]?.binary?.data?.data ?? '';
		expect(Buffer.from(data, 'base64').toString('utf8')).toBe('<html>mail</html>');
	});

	// Red before: the size of several files says nothing of one, so any page was stored as the archive of them.
	it.each([
		[{ ContentType: 'text/html', FileSize: 17, SectionCount: 1 }, true],
		[{ ContentType: 'text/html', FileSize: 17, Sections: [{ Id: '18-18' }] }, true],
		[{ ContentType: 'text/html', FileSize: 1_000, SectionCount: 2 }, false],
		[{ ContentType: 'text/html', FileSize: 17, SectionCount: 2 }, false],
		[{ ContentType: 'text/html', Sections: [{ Id: '18-18' }, { Id: '19-18' }] }, false],
	])(
		'gives a document that is HTML, and no page for one of several files: %j',
		async (told, isFile) => {
			const page = { body: '<html>mail</html>', headers: { 'content-type': 'text/html' } };
			const asked = run('download', [DOCUMENT, page, documentWith({}, told), page]);
			if (!isFile) {
				await expect(asked).rejects.toMatchObject({ code: 'DOCUWARE_UNEXPECTED_ANSWER' });
				return;
			}
			const data = (await asked).rows[0]?.binary?.data?.data ?? '';
			expect(Buffer.from(data, 'base64').toString('utf8')).toBe(page.body);
		},
	);

	// Red before: an error object under a status of success was downloaded as the file.
	it('takes no error object for the file, but a file that is one', async () => {
		const body = { Message: 'No free licence.', StatusCode: 503 };
		const headers = { 'content-type': 'application/json' };
		await expect(run('download', [DOCUMENT, { body, headers }])).rejects.toMatchObject({
			code: 'DOCUWARE_SERVER_ERROR',
			message: expect.stringContaining('No free licence.'),
		});
		const named = { ...headers, 'content-disposition': 'attachment; filename=a.json' };
		const { rows } = await run('download', [DOCUMENT, { body, headers: named }]);
		expect(rows[0]?.json.fileName).toBe('a.json');
	});
});
