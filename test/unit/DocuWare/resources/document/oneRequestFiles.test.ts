import type { IBinaryData } from 'n8n-workflow';
import { DOCUMENT, ofDocument, runDocument as run } from './support/runDocument';

const TOO_LARGE = { status: 413, body: '' };

const data: IBinaryData = {
	data: Buffer.from('content').toString('base64'),
	...{ mimeType: 'application/pdf', fileName: 'scan.pdf' },
};
const settings = { items: [{ binary: { data } }] };

describe('a file that goes out in one request', () => {
	it('and is too large in the place of a section: the way by parts is named', async () => {
		const parameters = { ...ofDocument, sectionId: '18-1' };
		const answers = [{ body: { Id: '18-1' } }, TOO_LARGE];
		await expect(run('replaceSection', answers, parameters, settings)).rejects.toMatchObject({
			code: 'DOCUWARE_TOO_LARGE',
			repair: expect.stringContaining('lower Options > Send in Parts Above'),
		});
	});

	it('and is too large for a check-in: that it is not sent in parts is said', async () => {
		const parameters = { ...ofDocument, checkInDocument: 'fields', newVersion: 'major' };
		const version = { ...(DOCUMENT.body as object), Version: { Major: 1, Minor: 0 } };
		const answers = [{ body: version }, TOO_LARGE];
		await expect(run('checkIn', answers, parameters, settings)).rejects.toMatchObject({
			code: 'DOCUWARE_TOO_LARGE',
			repair: expect.stringContaining('Check In sends a file in one request'),
		});
	});

	it('and is refused for something else: the refusal is left as it is', async () => {
		const parameters = { ...ofDocument, sectionId: '18-1' };
		const forbidden = { status: 403, body: { Message: 'No.' } };
		const failure = run(
			'replaceSection',
			[{ body: { Id: '18-1' } }, forbidden],
			parameters,
			settings,
		);
		await expect(failure).rejects.toMatchObject({
			code: 'DOCUWARE_FORBIDDEN',
			repair: expect.not.stringContaining('Parts Above'),
		});
	});
});
