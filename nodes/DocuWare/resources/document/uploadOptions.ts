import type { INodeProperties } from 'n8n-workflow';
import type { ConnectorError } from '../../../shared/errors';
import { isOn, readOptions } from '../../../shared/node/optionsField';
import { momentOf } from '../../../shared/values/dateTimes';
import { invalidParameter } from '../../api/clientErrors';
import type { StoreOrder } from '../../api/files/storeOrder';
import type { OperationCall } from '../operation';

const MB = 1_000_000;

const DEFAULT_PARTS_ABOVE_MB = 25;

/** When a large file goes out in several requests. */
export const partsOption: INodeProperties = {
	displayName: 'Send in Parts Above (MB)',
	name: 'partsAbove',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: DEFAULT_PARTS_ABOVE_MB,
	description:
		'Size of all files above which they are sent in several requests, which servers and proxies take that refuse large ones. 0 for never: the fastest way where the server takes it.',
};

/** The date of a file, which n8n does not keep. */
export const modifiedOption: INodeProperties = {
	displayName: 'File Modified At',
	name: 'fileModifiedAt',
	type: 'dateTime',
	default: '',
	description:
		'When the file was last changed; DocuWare takes the time of the upload where it is empty',
};

/** What DocuWare does with a file that it stores (docs/facts/docuware.md 7.2). */
export const processingOptions: INodeProperties[] = [
	{
		displayName: 'Check In by File Name',
		name: 'checkInByFileName',
		type: 'boolean',
		default: false,
		description:
			'Whether a file whose name tells of a check-out is checked in, instead of becoming a document of its own',
	},
	{
		displayName: 'Read Text at Once',
		name: 'processTextshot',
		type: 'boolean',
		default: true,
		description: 'Whether DocuWare reads the text of the file when it is stored',
	},
];

/** The order's part that options decide. */
export function readUploadOptions(
	call: Pick<OperationCall, 'context' | 'itemIndex'>,
): Pick<StoreOrder, 'query' | 'modifiedAt' | 'partsAbove' | 'warn'> {
	const options = readOptions(call);
	return {
		query: [
			...flag(options.processTextshot, 'processTextshot'),
			...flag(options.checkInByFileName, 'checkFileNameForCheckinInfo'),
		],
		modifiedAt: readModified(options.fileModifiedAt, call.context.getTimezone()),
		partsAbove: readPartsAbove(options.partsAbove),
		warn: (message) => hint(call, message),
	};
}

/** Says something beside the output. */
export function hint({ context }: Pick<OperationCall, 'context'>, message: string): void {
	context.addExecutionHints({ message, type: 'warning', location: 'outputPane' });
}

function flag(value: unknown, name: string): Array<[string, string]> {
	return value === undefined ? [] : [[name, String(isOn(value))]];
}

function readPartsAbove(value: unknown): number {
	const typed = value === undefined || value === '' ? DEFAULT_PARTS_ABOVE_MB : Number(value);
	if (!(typed >= 0)) {
		throw invalidParameter(
			`"${String(value)}" in Send in Parts Above (MB) is no size.`,
			'Give a number of megabytes, or 0 for never.',
		);
	}
	return typed === 0 ? Infinity : typed * MB;
}

/** ISO in UTC, as the header wants it; a time without a zone is one of the workflow's. */
function readModified(value: unknown, timeZone: string): string | undefined {
	if (value === undefined || value === null || value === '') return undefined;
	const moment = momentOf(value, { timeZone, invalid });
	return new Date(moment).toISOString();
}

function invalid(value: unknown, problem: string, repair: string): ConnectorError {
	return invalidParameter(`"${String(value)}" in File Modified At ${problem}`, repair);
}
