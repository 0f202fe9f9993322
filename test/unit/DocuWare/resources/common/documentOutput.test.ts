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
});
