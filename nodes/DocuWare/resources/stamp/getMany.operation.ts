import type { IDataObject } from 'n8n-workflow';
import { readLimit, toolListFields } from '../../../shared/node/listFields';
import { entityOutputFields, outputRows } from '../../../shared/node/entityOutput';
import { fileCabinetField, readFileCabinetId } from '../common/cabinetField';
import { sessionFields } from '../common/sessionFields';
import type { DocuWareOperation } from '../operation';
import { readStamps, type Stamp } from './stamps';

/** `GET FileCabinets/{id}/Stamps` (docs/facts/docuware.md 7.3, 7.4). */
export const getManyStamps: DocuWareOperation = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many stamps',
	description:
		'Get the stamps that the user may place in a file cabinet, with the fields that they ask for',
	fields: [...sessionFields, fileCabinetField('both'), ...toolListFields, ...entityOutputFields],
	async execute(call) {
		const { context, itemIndex } = call;
		const cabinetId = await readFileCabinetId(call, 'both');
		const stamps = await readStamps(call, cabinetId);
		const taken = stamps.slice(0, readLimit(context, itemIndex));
		return outputRows(call, taken, { simplify: stampJson, raw: ({ resource }) => resource });
	},
};

function stampJson({ id, name, needsPassword, formFields, resource }: Stamp): IDataObject {
	const { Signature: signature, Overwrite: overwrite } = resource;
	return {
		stampId: id,
		name,
		needsPassword,
		signature: typeof signature === 'string' ? signature : null,
		overwritesIndexData: overwrite === true,
		fields: formFields.map((field) => ({
			name: field.name,
			label: field.label,
			required: field.isRequired,
			...(field.length === undefined ? {} : { length: field.length }),
		})),
	};
}
