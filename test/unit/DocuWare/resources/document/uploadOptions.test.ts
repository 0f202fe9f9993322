import { readUploadOptions } from '../../../../../nodes/DocuWare/resources/document/uploadOptions';
import { DocuWare } from '../../../../../nodes/DocuWare/DocuWare.node';
import { executeContext } from '../../../../support/n8nContext';

const queryOf = (options: Record<string, string | boolean>) => {
	const parameters = { resource: 'document', operation: 'upload', options };
	const { context } = executeContext({ description: new DocuWare().description, parameters });
	return readUploadOptions({ context, itemIndex: 0 }).query;
};

describe('switches of an upload', () => {
	it('are sent as they are given, also as the text that an expression gives', () => {
		expect(queryOf({ processTextshot: true, checkInByFileName: 'false' })).toEqual([
			['processTextshot', 'true'],
			['checkFileNameForCheckinInfo', 'false'],
		]);
		expect(queryOf({ processTextshot: 'true', checkInByFileName: ' true ' })).toEqual([
			['processTextshot', 'true'],
			['checkFileNameForCheckinInfo', 'true'],
		]);
	});

	it('are left to DocuWare where they are not given', () => {
		expect(queryOf({})).toEqual([]);
	});
});
