import type { INodeProperties } from 'n8n-workflow';
import { optionsCollection, readOptions } from '../../../shared/node/optionsField';
import { changesAsTool, changesField } from '../../../shared/node/toolChanges';
import { invalidParameter } from '../../api/clientErrors';
import { sessionFields } from '../common/sessionFields';
import type { DocuWareOperation, OperationCall } from '../operation';
import { documentTargetFields } from './documentTarget';
import { linkOf, placeOf, readDocument } from './locatedDocument';
import { sendChange } from './sendChange';

const minutesField: INodeProperties = {
	displayName: 'Lock For (Minutes)',
	name: 'lockMinutes',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 10,
	description: 'How long the lock lasts unless it is taken away before',
};

/** Which of several locks is meant (docs/facts/docuware.md 7.4). */
export const purposeOption: INodeProperties = {
	displayName: 'Purpose',
	name: 'purpose',
	type: 'string',
	default: '',
	description:
		'A text that names the lock; of several purposes only one holds a document at a time',
};

/** `POST …/Lock` (docs/facts/docuware.md 7.3, 7.4). */
export const lockDocument: DocuWareOperation = {
	name: 'Lock',
	value: 'lock',
	action: 'Lock document',
	description: 'Keep others from changing a document for some time',
	fields: [
		changesField,
		...sessionFields,
		...documentTargetFields,
		minutesField,
		optionsCollection([purposeOption]),
	],
	refusedAsTool: changesAsTool,
	async execute(call) {
		const minutes = readMinutes(call);
		const purpose = readPurpose(call);
		const document = await readDocument(call);
		await sendChange(call, {
			method: 'POST',
			address: linkOf(call, document, 'lock'),
			body: {
				Interval: timeSpan(minutes),
				...(purpose === '' ? {} : { Operation: purpose }),
			},
		});
		return [{ json: { locked: true, ...placeOf(document), minutes } }];
	},
};

/** Empty for none. */
export function readPurpose(call: OperationCall): string {
	return String(readOptions(call).purpose ?? '').trim();
}

function readMinutes({ context, itemIndex }: OperationCall): number {
	const given: unknown = context.getNodeParameter(minutesField.name, itemIndex, 10);
	const minutes = Number(given);
	if (given !== '' && Number.isInteger(minutes) && minutes >= 1 && minutes <= 1_440_000) {
		return minutes;
	}
	throw invalidParameter(
		`"${String(given).slice(0, 40)}" is no number of minutes for the lock of item ${itemIndex}.`,
		'Give a whole number of at least 1.',
	);
}

/** `[d.]hh:mm:ss` (docs/facts/docuware.md 7.4). */
export function timeSpan(minutes: number): string {
	const two = (value: number) => String(value).padStart(2, '0');
	const days = Math.floor(minutes / 1440);
	const time = `${two(Math.floor((minutes % 1440) / 60))}:${two(minutes % 60)}:00`;
	return days === 0 ? time : `${days}.${time}`;
}
