import { entityOutputFields, outputRows } from '../../../shared/node/entityOutput';
import type { PlatformResource } from '../../api/platformClient';
import { fileCabinetField, readFileCabinetId } from '../common/cabinetField';
import { sessionFields } from '../common/sessionFields';
import { simplify } from '../common/simplify';
import type { DocuWareOperation } from '../operation';

/** `GET FileCabinets/{id}` (docs/facts/docuware.md 6.1). */
export const getFileCabinet: DocuWareOperation = {
	name: 'Get',
	value: 'get',
	action: 'Get file cabinet',
	description: 'Get one file cabinet or document tray, with the rights of the user in it',
	fields: [...sessionFields, fileCabinetField('both'), ...entityOutputFields],
	async execute(call) {
		const { resource } = await call.facts.cabinet(await readFileCabinetId(call, 'both'));
		return outputRows(call, [resource], { simplify: withoutFields, most: ['Rights'] });
	},
};

/** The fields are many, and have an operation of their own. */
function withoutFields({ Fields: _fields, ...cabinet }: PlatformResource): PlatformResource {
	return simplify(cabinet);
}
