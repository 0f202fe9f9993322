import { optionsCollection } from '../../../shared/node/optionsField';
import { requestBody } from '../../catalogue/requestBody';
import { divisionField } from '../common/divisionField';
import type { Operation } from '../operation';
import { readValueOptions } from '../../../shared/node/valueOptionFields';
import { requireMethod } from '../records/target';
import { changesAsTool, changesField } from '../../../shared/node/toolChanges';
import { inSentence } from '../records/words';
import { returnRecordOption, sendChange } from '../records/writeRecord';
import type { DocumentTarget } from './documentTarget';
import { oneLine } from './lineRows';
import { lineField, lineOptions, readLineKey, readLinePlace, readLineValues } from './lineParts';

/** Changes fields of one line of a document; those that are not given stay as they are. */
export function changeLine(target: DocumentTarget): Operation {
	const what = inSentence(target.name);
	return {
		name: 'Change Line',
		value: 'changeLine',
		action: `Change line of ${what}`,
		description: `Change fields of one line of a ${what}`,
		fields: [
			divisionField,
			lineField,
			oneLine,
			changesField,
			optionsCollection([returnRecordOption, ...lineOptions]),
		],
		refusedAsTool: changesAsTool,
		dealsWithGapsIn: [oneLine.name],
		async execute(call) {
			const place = await readLinePlace(call, target);
			requireMethod(place.endpoint, 'PUT');
			const line = readLineKey(call, place.endpoint);
			const values = await readLineValues(call, place, target.data.lines.required);
			const body = requestBody(place.endpoint, values, 'PUT', readValueOptions(call));
			return [await sendChange(call, place, { ...line, body })];
		},
	};
}
