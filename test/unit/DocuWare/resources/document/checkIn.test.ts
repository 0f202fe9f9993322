import type { IDataObject } from 'n8n-workflow';
import { keptName, parseKeptName } from '../../../../../nodes/DocuWare/resources/document/keptName';
import {
	at,
	bodyText,
	CABINET,
	CHECKED_OUT,
	DOCUMENT,
	KEPT,
	locator,
	ofDocument,
	runDocument as run,
} from './support/runDocument';

describe('the name of a checked-out file', () => {
	it('says which document it is, whatever plus signs the name has', () => {
		expect(parseKeptName(KEPT)).toEqual({
			documentId: 18,
			cabinetId: CABINET,
			fileName: 'Rechnung 1+2.pdf',
		});
		expect(keptName({ documentId: 18, cabinetId: CABINET, fileName: 'a.pdf' })).toBe(
			`18+${CABINET}+a.pdf`,
		);
	});

	it.each(['', 'a.pdf', '18+a.pdf', `x+${CABINET}+a.pdf`, `18+${CABINET}+`, `18 ${CABINET} a.pdf`])(
		'is not %j',
		(name) => {
			expect(parseKeptName(name)).toBeUndefined();
		},
	);
});

describe('Check In', () => {
	const input = (fileName: string) => ({
		items: [
			{
				binary: {
					data: { data: Buffer.from('new').toString('base64'), mimeType: 'text/plain', fileName },
				},
			},
		],
	});

	async function checkIn(fileName: string, parameters: IDataObject = {}) {
		const outcome = await run('checkIn', [CHECKED_OUT, DOCUMENT], parameters, input(fileName));
		return { ...outcome, text: await bodyText(outcome.last?.body) };
	}

	it('knows the document by the name, and sends parameters first and the file under that name', async () => {
		const { last, text, rows } = await checkIn(KEPT, { options: { comment: 'Prüfung' } });
		expect(last?.call).toBe(`POST ${at('Documents/18/CheckInFromFileSystem')}`);
		expect(text.indexOf('name="CheckIn"')).toBeLessThan(text.indexOf('name="File[]"'));
		expect(text).toContain(`filename="${KEPT}"`);
		expect(text).toContain(
			'{"DocumentVersion":{"Major":1,"Minor":5},"Comments":"Prüfung","CheckInReturnDocument":"CheckedIn"}',
		);
		expect(rows[0]?.json).toMatchObject({ documentId: 18 });
	});

	it.each([
		[{ newVersion: 'major' }, '{"Major":2,"Minor":0}'],
		[{ newVersion: 'other', version: '7.3' }, '{"Major":7,"Minor":3}'],
		[{ newVersion: 'other', version: '8' }, '{"Major":8,"Minor":0}'],
	])('counts versions by %j', async (parameters, version) => {
		expect((await checkIn(KEPT, parameters)).text).toContain(`"DocumentVersion":${version}`);
	});

	it('takes a file of any name for a document that the fields name', async () => {
		const { text } = await checkIn('plain.txt', { checkInDocument: 'fields', ...ofDocument });
		expect(text).toContain(`filename="18+${CABINET}+plain.txt"`);
	});

	it.each([
		[{ checkInDocument: 'fields', ...ofDocument }, 'inbox/contract.pdf', 'contract.pdf'],
		[{ checkInDocument: 'fields', ...ofDocument }, '', 'file'],
		[{}, `downloads/${KEPT}`, 'Rechnung 1+2.pdf'],
		[{}, `18+${CABINET}+a/b.pdf`, 'b.pdf'],
	])('keeps what DocuWare knows the file by, with %j and the name %j', async (more, name, own) => {
		const { text } = await checkIn(name, more);
		expect(text).toContain(`filename="18+${CABINET}+${own}"`);
	});

	it('has as long as its file needs', async () => {
		const outcome = await run('checkIn', [CHECKED_OUT, DOCUMENT], {}, input(KEPT));
		expect(outcome.session.requests.at(-1)?.timeoutMs).toBeGreaterThan(120_000);
	});

	it('sends nothing for a name that says nothing, and for the file of another document', async () => {
		await expect(run('checkIn', [], {}, input('plain.txt'))).rejects.toMatchObject({
			code: 'DOCUWARE_INVALID_PARAMETER',
			message: expect.stringContaining('is not one of Check Out'),
		});
		const other = { checkInDocument: 'fields', fileCabinetId: locator(CABINET), documentId: 19 };
		await expect(run('checkIn', [], other, input(KEPT))).rejects.toMatchObject({
			message: expect.stringContaining('was checked out from document 18'),
		});
		const version = { newVersion: 'other', version: '1.x' };
		await expect(run('checkIn', [CHECKED_OUT], version, input(KEPT))).rejects.toMatchObject({
			message: '"1.x" is no version of a document.',
		});
	});
});
