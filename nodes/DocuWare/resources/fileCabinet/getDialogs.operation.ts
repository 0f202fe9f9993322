import type { INodeProperties } from 'n8n-workflow';
import { entityOutputFields, outputRows } from '../../../shared/node/entityOutput';
import type { PlatformResource } from '../../api/platformClient';
import { fileCabinetField, readFileCabinetId } from '../common/cabinetField';
import { sessionFields } from '../common/sessionFields';
import { simplify } from '../common/simplify';
import type { DocuWareOperation } from '../operation';

const typeField: INodeProperties = {
	displayName: 'Type',
	name: 'dialogType',
	type: 'options',
	options: [
		{ name: 'All', value: 'all' },
		{ name: 'Info Dialog', value: 'InfoDialog' },
		{ name: 'Result List', value: 'ResultList' },
		{ name: 'Result Tree', value: 'ResultTree' },
		{ name: 'Search', value: 'Search' },
		{ name: 'Store', value: 'Store' },
		{ name: 'Task List', value: 'TaskList' },
	],
	default: 'all',
	description: 'Which dialogs to return',
};

/** `GET FileCabinets/{id}/Dialogs` (docs/facts/docuware.md 6.1). */
export const getDialogs: DocuWareOperation = {
	name: 'Get Dialogs',
	value: 'getDialogs',
	action: 'Get dialogs of file cabinet',
	description: 'Get the search, store and other dialogs of a file cabinet that the user may use',
	fields: [...sessionFields, fileCabinetField('both'), typeField, ...entityOutputFields],
	async execute(call) {
		const { context, itemIndex, facts } = call;
		const type = context.getNodeParameter('dialogType', itemIndex, 'all');
		const dialogs = await facts.dialogs(await readFileCabinetId(call, 'both'));
		const wanted = dialogs.filter((dialog) => type === 'all' || dialog.type === type);
		return outputRows(
			call,
			wanted.map(({ resource }) => resource),
			{ simplify: plainDialog, most: ['Type', 'IsDefault'] },
		);
	},
};

function plainDialog(dialog: PlatformResource): PlatformResource {
	const { Fields: _fields, Query: _query, ...own } = dialog;
	return simplify(own);
}
