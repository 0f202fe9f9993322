import { readUploadOptions } from '../../../../../nodes/DocuWare/resources/document/uploadOptions';
import { DocuWare } from '../../../../../nodes/DocuWare/DocuWare.node';
import { executeContext } from '../../../../support/n8nContext';

const read = (options: Record<string, string | boolean>) => {
	const parameters = { resource: 'document', operation: 'upload', options };
	const { context } = executeContext({ description: new DocuWare().description, parameters });
	return readUploadOptions({ context, itemIndex: 0 });
};

const queryOf = (options: Record<string, string | boolean>) => read(options).query;

// Red before: a bare "Invalid time value", without the name of the field.
it('names the time of a file whose offset there cannot be', () => {
	expect(() => read({ fileModifiedAt: '2026-04-07T13:30:00+25:00' })).toThrow(
		expect.objectContaining({
			code: 'DOCUWARE_INVALID_PARAMETER',
			message: '"2026-04-07T13:30:00+25:00" in File Modified At is not a date.',
		}),
	);
});

describe('switches of an upload', () => {
	it('are sent as they are given, also as the text that an expression gives', () => {
		expect(queryOf({ processTextshot: true, checkInByFileName: 'false' })).toEqual([
			['processTextshot', 'true'],
			['checkFileNameForCheckinInfo', 'false'],
		]);
		expect(queryOf({ processTextshot: 'true', checkInByFileName: ' True ' })).toEqual([
			['processTextshot', 'true'],
			['checkFileNameForCheckinInfo', 'true'],
		]);
	});

	it('are left to DocuWare where they are not given', () => {
		expect(queryOf({})).toEqual([]);
	});
});
