import type { IDataObject } from 'n8n-workflow';
import { at, CABINET, DOCUMENT, ofDocument, place, runDocument } from './support/runDocument';

const SECTIONS = {
	body: {
		Section: ['18-1', '18-2'].map((Id) => ({
			...{ Id, OriginalFileName: `${Id}.pdf`, ContentType: 'application/pdf', FileSize: 7 },
		})),
	},
};

const SECTION = { body: { Id: '18-2' } };

const textshot = (word: string) => ({
	body: {
		Pages: [{ Items: [{ $type: 'TextZone', Ln: [{ Items: [{ $type: 'Word', Value: word }] }] }] }],
	},
});

const asTool = async (answers: object[], parameters: IDataObject) =>
	await runDocument(
		'download',
		answers,
		{ ...ofDocument, ...parameters },
		{ nodeType: 'n8n-nodes-exactonline-docuware.docuWareTool' },
	);

describe('Download as a tool', () => {
	it('gives the text of the section that is asked for, and of no other', async () => {
		const { rows, sent } = await asTool([DOCUMENT, SECTIONS, SECTION, textshot('second')], {
			downloadFormat: 'section',
			sectionId: '18-2',
		});
		expect(rows[0]?.json).toEqual({
			...place,
			sectionCount: 2,
			files: [
				{ sectionId: '18-2', fileName: '18-2.pdf', mediaType: 'application/pdf', fileSize: 7 },
			],
			text: 'second',
		});
		expect(sent.map(({ call }) => call)).toEqual([
			`GET ${at('Documents/18')}`,
			`GET ${at('Sections?DocId=18')}`,
			`GET ${at('Sections/18-2')}`,
			`GET ${at('Sections/18-2/Textshot')}`,
		]);
	});

	it('gives those of all sections else, cut without advice that cannot be followed', async () => {
		const long = 'x'.repeat(6_000);
		const { rows } = await asTool(
			[DOCUMENT, SECTIONS, SECTIONS, SECTION, textshot(long), textshot(long)],
			{},
		);
		expect(rows[0]?.json).toMatchObject({ fileCabinetId: CABINET, sectionCount: 2, isCut: true });
		expect(String(rows[0]?.json.text)).toMatch(/x\n\[Cut: 12002 bytes in all\.\]$/);
	});
});
