import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { isRecord } from '../../../shared/http';
import { entityOutputFields, outputRows } from '../../../shared/node/entityOutput';
import { isOn, optionsCollection, readOptions } from '../../../shared/node/optionsField';
import type { IndexField } from '../../fields/indexFields';
import {
	dialogField,
	fileCabinetField,
	readDialogId,
	readFileCabinetId,
} from '../common/cabinetField';
import { sessionFields } from '../common/sessionFields';
import type { DocuWareOperation } from '../operation';

const systemFieldsOption: INodeProperties = {
	displayName: 'Include System Fields',
	name: 'includeSystemFields',
	type: 'boolean',
	default: false,
	description:
		'Whether to return also the fields that DocuWare fills itself, such as DWSTOREDATETIME',
};

/** The fields in `GET FileCabinets/{id}`, or those of a dialog (docs/facts/docuware.md 6.1). */
export const getFields: DocuWareOperation = {
	name: 'Get Fields',
	value: 'getFields',
	action: 'Get fields of file cabinet',
	description: 'Get the index fields of a file cabinet, or of one of its dialogs, with their types',
	fields: [
		...sessionFields,
		fileCabinetField('both'),
		dialogField('any', {
			displayName: 'Dialog',
			description: 'The dialog whose fields are wanted; all fields of the file cabinet if empty',
		}),
		...entityOutputFields,
		optionsCollection([systemFieldsOption]),
	],
	async execute(call) {
		const { facts } = call;
		const cabinetId = await readFileCabinetId(call, 'both');
		const dialogId = await readDialogId(call, cabinetId);
		const { fields, resource } =
			dialogId === undefined
				? await facts.cabinet(cabinetId)
				: await facts.dialog(cabinetId, dialogId);
		const withSystem = isOn(readOptions(call).includeSystemFields);
		const wanted = fields.filter(({ isSystem }) => withSystem || !isSystem);
		const delivered = Array.isArray(resource.Fields) ? resource.Fields.filter(isRecord) : [];
		const raw = ({ name }: IndexField) =>
			delivered.find(({ DBFieldName }) => String(DBFieldName) === name) ?? {};
		return outputRows(call, wanted, { simplify: describeField, raw });
	},
};

/** A field in plain words. */
function describeField(field: IndexField): IDataObject {
	const { name, label, type, isSystem, isReadOnly, isRequired, columns, hasSelectList } = field;
	return {
		name,
		label,
		type: type ?? null,
		mandatory: isRequired,
		readOnly: isReadOnly,
		system: isSystem,
		length: field.length ?? null,
		decimals: field.precision ?? null,
		...(hasSelectList && { selectList: true }),
		...(columns.length > 0 && { columns: columns.map(describeField) }),
	};
}
