import { ConnectorError } from '../../../shared/errors';
import { takeRows } from '../../../shared/node/listFields';
import { runsAsTool } from '../../../shared/node/toolRun';
import { readEndpoint } from '../../catalogue/catalogue';
import { odataLiteral } from '../../odata/literals';
import { divisionField, readDivision } from '../common/divisionField';
import type { Operation, OperationCall } from '../operation';
import { readChosenRecord } from '../records/chosenRecord';
import type { Place } from '../records/findRecord';
import { pagesOf } from '../records/listRules';
import { recordKeys } from '../records/outputFields';
import { recordField } from '../records/recordField';
import type { RecordTarget } from '../records/target';
import { inSentence } from '../records/words';
import type { ExactRow } from '../../wire/exactTypes';
import { FILE_FIELDS, fetchFile } from './fetchFile';
import { outputFileField } from './fileFields';
import { ATTACHMENTS } from './sendAttachment';

/**
 * The PDF of a record that has a document, such as a printed invoice.
 * @param field of the record that names its document
 */
export function downloadPdf(target: RecordTarget, field: string): Operation {
	const what = inSentence(target.name);
	return {
		name: 'Download PDF',
		value: 'downloadPdf',
		action: `Download PDF of ${what}`,
		description: `Get the PDF of a ${what} that was printed or sent`,
		fields: [divisionField, recordField(target), outputFileField],
		async execute(call) {
			const endpoint = target.endpointOf(call);
			const place = { endpoint, data: target.data, division: await readDivision(call) };
			const $select = [...endpoint.keyNames, field].join(',');
			const row = await readChosenRecord(call, place, { $select });
			const file = await pdfOf(call, place, row[field]);
			const json = { ...recordKeys(endpoint, row), fileName: String(file.FileName ?? '') };
			// A model takes no files: n8n would leave it out.
			if (runsAsTool(call.context)) return [{ json }];
			return [{ json, binary: await fetchFile(call, file) }];
		},
	};
}

async function pdfOf(
	call: OperationCall,
	{ endpoint, division }: Place,
	document: unknown,
): Promise<ExactRow> {
	const files = typeof document === 'string' ? await filesOf(call, division, document) : [];
	const pdf = files.find(({ FileName }) => /\.pdf$/i.test(String(FileName)));
	const file = pdf ?? files[0];
	if (file !== undefined) return file;
	throw new ConnectorError(
		'EXACT_NOT_FOUND',
		`The ${inSentence(endpoint.name)} has no PDF in division ${division}.`,
		{ repair: 'Print or send it first; that makes its document.' },
	);
}

async function filesOf(
	{ client, signal }: OperationCall,
	division: number,
	document: string,
): Promise<ExactRow[]> {
	const query = {
		$select: FILE_FIELDS.join(','),
		$filter: `Document eq ${odataLiteral('Guid', document)}`,
	};
	const place = { endpoint: readEndpoint(ATTACHMENTS), division };
	return await takeRows(pagesOf(client, place, { query, signal }), Infinity);
}
