import type { IBinaryData, IDataObject } from 'n8n-workflow';
import {
	at,
	CABINET,
	CABINET_READ,
	DOCUMENT,
	locator,
	ofDocument,
	runDocument as run,
	TRAY,
} from './support/runDocument';

const DIALOG = '5b1d0c6e-7a83-4b7f-9e0a-0d6a3c1f1a02';
const STORED = { body: { Id: 18, FileCabinetId: CABINET, Fields: [] } };

const data: IBinaryData = {
	data: Buffer.from('content').toString('base64'),
	...{ mimeType: 'application/pdf', fileName: 'scan.pdf' },
};

/** The last request of an upload with these parameters, and the answers that come before. */
async function uploaded(parameters: IDataObject, before = [CABINET_READ]): Promise<string> {
	const { last } = await run(
		'upload',
		[...before, STORED],
		{ fileCabinetId: locator(CABINET), dataMode: 'json', json: '{}', ...parameters },
		{ items: [{ binary: { data } }] },
	);
	return last?.call ?? '';
}

describe('the address of an upload', () => {
	it('is bare without options, so that DocuWare goes by its own defaults', async () => {
		expect(await uploaded({})).toBe(`POST ${at('Documents')}`);
	});

	it('names the store dialog', async () => {
		const dialog = { body: { Id: DIALOG, DisplayName: 'Store invoice', Fields: [] } };
		expect(await uploaded({ dialogId: locator(DIALOG) }, [CABINET_READ, dialog])).toBe(
			`POST ${at('Documents')}?StoreDialogId=${DIALOG}`,
		);
	});

	it.each([
		[{ processTextshot: true }, '?processTextshot=true'],
		[{ processTextshot: false }, '?processTextshot=false'],
		[{ checkInByFileName: true }, '?checkFileNameForCheckinInfo=true'],
		[
			{ processTextshot: false, checkInByFileName: false },
			'?processTextshot=false&checkFileNameForCheckinInfo=false',
		],
	])('says with %j only what was chosen: %s', async (options, query) => {
		expect(await uploaded({ options })).toBe(`POST ${at('Documents')}${query}`);
		const { last } = await run(
			'uploadToTray',
			[CABINET_READ, STORED],
			{ resource: 'documentTray', fileCabinetId: locator(TRAY), options },
			{ items: [{ binary: { data } }] },
		);
		expect(last?.call).toBe(`POST FileCabinets/${TRAY}/Documents${query}`);
	});
});

describe('the address of a download', () => {
	it.each([
		['original', 'TargetFileType=Auto&KeepAnnotations=false'],
		['pdf', 'TargetFileType=PDF&KeepAnnotations=false'],
		['annotatedPdf', 'TargetFileType=PDF&KeepAnnotations=true'],
		['zip', 'TargetFileType=Zip&KeepAnnotations=false'],
	])('asks for %s by %s', async (downloadFormat, query) => {
		const { last } = await run('download', [DOCUMENT, { body: '%PDF' }], {
			...ofDocument,
			downloadFormat,
		});
		expect(last?.call).toBe(`GET ${at('Documents/18/FileDownload')}?${query}`);
	});

	it.each([
		['the first page by the document', {}, 'Documents/18/Thumbnail'],
		[
			'the third page of a section',
			{ sectionId: '18-2', page: 3 },
			'Rendering/18-2/Thumbnail?Page=2',
		],
		['the first page of a section', { sectionId: '18-2' }, 'Rendering/18-2/Thumbnail?Page=0'],
	])('of a picture asks for %s', async (_name, parameters, path) => {
		const { last } = await run('getThumbnail', [DOCUMENT, { body: 'png' }], {
			...ofDocument,
			...parameters,
		});
		expect(last?.call).toBe(`GET ${at(path)}`);
	});

	// Red before: Page=NaN was asked for, and no error named the field.
	it.each(['two', '', 1.5, 0, Infinity])('of a picture asks for no page %j', async (page) => {
		const asked = run('getThumbnail', [DOCUMENT], { ...ofDocument, page });
		await expect(asked).rejects.toMatchObject({
			code: 'DOCUWARE_INVALID_PARAMETER',
			message: expect.stringContaining('Page of item 0'),
		});
	});
});
