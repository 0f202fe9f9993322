import { optionsCollection } from '../../../shared/node/optionsField';
import { requestBody } from '../../catalogue/requestBody';
import { requireCompleteLines } from '../../lines/completeLine';
import { divisionField } from '../common/divisionField';
import type { Operation } from '../operation';
import { chosenKey } from '../records/chosenRecord';
import { readValueOptions } from '../../../shared/node/valueOptionFields';
import { recordField } from '../records/recordField';
import { requireMethod } from '../records/target';
import { changesAsTool, changesField } from '../../../shared/node/toolChanges';
import { inSentence } from '../records/words';
import { returnRecordOption, sendNew, newRecordRow } from '../records/writeRecord';
import type { DocumentTarget } from './documentTarget';
import { oneLine } from './lineRows';
import { lineOptions, readLinePlace, readLineValues } from './lineParts';

/** Adds one line to a document, at the endpoint of its lines. */
export function addLine(target: DocumentTarget): Operation {
	const what = inSentence(target.name);
	return {
		name: 'Add Line',
		value: 'addLine',
		action: `Add line to ${what}`,
		description: `Add a line to an existing ${what}`,
		fields: [
			divisionField,
			recordField(target),
			oneLine,
			changesField,
			optionsCollection([returnRecordOption, ...lineOptions]),
		],
		refusedAsTool: changesAsTool,
		dealsWithGapsIn: [oneLine.name],
		async execute(call) {
			const { data } = target;
			const place = await readLinePlace(call, target);
			requireMethod(place.endpoint, 'POST');
			const values = await readLineValues(call, place, data.lines.required);
			requireCompleteLines([values], data.lines);
			const document = target.endpointOf(call);
			const { key } = await chosenKey(call, { ...place, endpoint: document, data });
			const [idName = 'ID'] = document.keyNames;
			const body = requestBody(
				place.endpoint,
				{ ...values, [data.lines.header]: key[idName] },
				'POST',
				readValueOptions(call),
			);
			const made = await sendNew(call, place, body);
			return [await newRecordRow(call, place, made, { created: true })];
		},
	};
}
