import { runsAsTool } from '../../../shared/node/toolRun';
import { divisionField, readDivision } from '../common/divisionField';
import { answerRow } from '../../odata/answers';
import { rowTypes } from '../../catalogue/fieldTypes';
import type { Operation } from '../operation';
import { readChosenRecord } from '../records/chosenRecord';
import { recordKeys } from '../records/outputFields';
import { recordField } from '../records/recordField';
import type { RecordTarget } from '../records/target';
import { FILE_FIELDS, fetchFile } from './fetchFile';
import { outputFileField } from './fileFields';

/** The file of an attachment as binary data. */
export function downloadAttachment(target: RecordTarget): Operation {
	return {
		name: 'Download',
		value: 'download',
		action: 'Download document attachment',
		description: 'Get the file of an attachment',
		fields: [divisionField, recordField(target), outputFileField],
		async execute(call) {
			const endpoint = target.endpointOf(call);
			const place = { endpoint, data: target.data, division: await readDivision(call) };
			const row = await readChosenRecord(call, place, { $select: FILE_FIELDS.join(',') });
			const json = { ...recordKeys(endpoint, row), ...answerRow(row, rowTypes(endpoint)) };
			// A model takes no files: n8n would leave it out.
			if (runsAsTool(call.context)) return [{ json: json as never }];
			return [{ json: json as never, binary: await fetchFile(call, row) }];
		},
	};
}
