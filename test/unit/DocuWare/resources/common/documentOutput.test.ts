import { documentJson } from '../../../../../nodes/DocuWare/resources/common/documentOutput';

describe('a document as the workflow gets it', () => {
	it('keeps its own facts where an index field has one of their names', () => {
		const Fields = [
			{ FieldName: 'documentId', Item: 7, ItemElementName: 'Int' },
			{ FieldName: 'title', Item: 'mine', ItemElementName: 'String' },
			{ FieldName: 'COMPANY', Item: 'Acme', ItemElementName: 'String' },
		];
		const document = { Id: 42, Title: 'Invoice', Fields };
		expect(documentJson({ mode: 'simplified', selected: undefined }, document)).toMatchObject({
			...{ documentId: 42, title: 'Invoice', COMPANY: 'Acme' },
		});
		const selected = new Set(['COMPANY', 'documentId']);
		expect(documentJson({ mode: 'selected', selected }, document)).toEqual({
			...{ documentId: 42, COMPANY: 'Acme' },
		});
	});

	const all = {
		...{ Id: 42, Title: 'Invoice', ContentType: 'application/pdf', FileSize: 5 },
		...{ TotalPages: 2, SectionCount: 1, CreatedAt: '/Date(0)/', LastModified: '/Date(1000)/' },
		Fields: ['COMPANY', 'AMOUNT', 'DWPAGECOUNT'].map((FieldName) => ({
			...{ FieldName, Item: 1, ItemElementName: 'Int' },
		})),
	};
	const facts = ['title', 'fileCabinetId', 'storedAt', 'modifiedAt'];
	const files = ['contentType', 'fileSize', 'pageCount', 'sectionCount'];

	it('simplified has the number, all index fields, and four facts more', () => {
		const keys = (mode: 'simplified' | 'selected', document: object) =>
			Object.keys(documentJson({ mode, selected: undefined }, { ...document }));
		const index = ['COMPANY', 'AMOUNT'];
		const stored = { ...all, FileCabinetId: 'a1c5f8d2' };
		expect(keys('simplified', stored)).toEqual(['documentId', ...index, ...facts]);
		// All fields come out where none are selected, and of a tray, which has no index fields.
		expect(keys('selected', stored).sort()).toEqual(
			['documentId', ...index, ...facts, ...files].sort(),
		);
		const inTray = { ...all, Fields: [], FileCabinetId: 'b_e9f0b3c1' };
		expect(keys('simplified', inTray).sort()).toEqual(['documentId', ...facts, ...files].sort());
	});
});
