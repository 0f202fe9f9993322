import { readLimit, toolListFields } from '../../../shared/node/listFields';
import { entityOutputFields, outputRows } from '../../../shared/node/entityOutput';
import { isKind } from '../../api/cabinetFacts';
import { sessionFields } from '../common/sessionFields';
import { simplify } from '../common/simplify';
import type { DocuWareOperation } from '../operation';

/** The document trays in `GET FileCabinets` (docs/facts/docuware.md 6.1). */
export const getManyDocumentTrays: DocuWareOperation = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many document trays',
	description: 'Get the document trays that the user may reach',
	fields: [...sessionFields, ...toolListFields, ...entityOutputFields],
	async execute(call) {
		const trays = (await call.facts.presentList()).filter((row) => isKind(row, 'trays'));
		const limit = readLimit(call.context, call.itemIndex);
		return outputRows(call, trays.slice(0, limit), { simplify });
	},
};
