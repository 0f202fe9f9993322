import type { INodeProperties } from 'n8n-workflow';
import { readLimit } from '../../../shared/node/listFields';
import { jsonRows } from '../../../shared/node/operation';
import { isOn, optionsCollection, readOptions } from '../../../shared/node/optionsField';
import { invalidParameter } from '../../api/clientErrors';
import {
	dialogField,
	fileCabinetField,
	readDialogId,
	readFileCabinetId,
} from '../common/cabinetField';
import { sessionFields } from '../common/sessionFields';
import type { DocuWareOperation, OperationCall } from '../operation';

const fieldNameField: INodeProperties = {
	displayName: 'Index Field Name or ID',
	name: 'fieldName',
	type: 'options',
	typeOptions: {
		loadOptionsMethod: 'getListedFields',
		loadOptionsDependsOn: ['fileCabinetId.value', 'dialogId.value'],
	},
	default: '',
	required: true,
	description:
		'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
};

const limitField: INodeProperties = {
	displayName: 'Limit',
	name: 'limit',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 50,
	description: 'Max number of results to return',
};

const options: INodeProperties[] = [
	{
		displayName: 'Prefix',
		name: 'prefix',
		type: 'string',
		default: '',
		placeholder: 'e.g. Pet',
		description: 'Only values that begin with this text',
	},
	{
		displayName: 'Typed Values',
		name: 'typed',
		type: 'boolean',
		default: false,
		description: 'Whether numbers and dates come as such instead of as DocuWare shows them',
	},
];

/** `POST …/Query/SelectListExpression` (docs/facts/docuware.md 6.2). */
export const getSelectListValues: DocuWareOperation = {
	name: 'Get Select List Values',
	value: 'getSelectListValues',
	action: 'Get select list values of file cabinet',
	description: 'Get the values that an index field offers for choice, or that documents have in it',
	fields: [
		...sessionFields,
		fileCabinetField('cabinets'),
		dialogField('any', {
			displayName: 'Dialog',
			description:
				'The dialog whose select list is wanted. Without it the values that stand in documents are returned.',
		}),
		fieldNameField,
		limitField,
		optionsCollection(options),
	],
	async execute(call) {
		const { context, itemIndex, facts } = call;
		const cabinetId = await readFileCabinetId(call, 'cabinets');
		const dialogId = await readDialogId(call, cabinetId);
		const { names } =
			dialogId === undefined
				? await facts.cabinet(cabinetId)
				: await facts.dialog(cabinetId, dialogId);
		const { name } = names.find(readFieldName(call));
		const { prefix = '', typed } = readOptions(call);
		const limit = readLimit(context, itemIndex);
		const values = await facts.selectList(cabinetId, name, {
			dialogId,
			prefix: String(prefix),
			limit,
			typed: isOn(typed),
		});
		return jsonRows(values.slice(0, limit).map((value) => ({ value: value as string | null })));
	},
};

function readFieldName({ context, itemIndex }: OperationCall): string {
	const name = String(context.getNodeParameter('fieldName', itemIndex, '')).trim();
	if (name !== '') return name;
	throw invalidParameter('The field Index Field is empty.', 'Choose an index field.');
}
