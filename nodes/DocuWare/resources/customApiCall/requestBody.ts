import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import { invalidParameter } from '../../api/clientErrors';
import type { ReplayableBody } from '../../auth/session/sessionTypes';
import { contentDisposition } from './fileName';
import { readPairs } from './readRequest';

/** A body and the headers that describe it. */
export interface RequestBody {
	/** Undefined for none. */
	content?: ReplayableBody;
	headers: Record<string, string>;
}

const WITHOUT_BODY = ['GET', 'HEAD'];

/**
 * The body that the item asks for, in a form that can be sent again after a new log-on.
 *
 * @throws ConnectorError DOCUWARE_INVALID_PARAMETER; n8n's error for a missing binary field
 */
export async function readBody(
	context: IExecuteFunctions,
	itemIndex: number,
	method: string,
): Promise<RequestBody> {
	const type = WITHOUT_BODY.includes(method)
		? 'none'
		: context.getNodeParameter('bodyType', itemIndex, 'none');
	switch (type) {
		case 'json':
			return {
				content: jsonText(context.getNodeParameter('jsonBody', itemIndex, '')),
				headers: { 'Content-Type': 'application/json' },
			};
		case 'form':
			return {
				content: new URLSearchParams(readPairs(context, itemIndex, 'formFields')).toString(),
				headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
			};
		case 'raw':
			return {
				content: String(context.getNodeParameter('rawBody', itemIndex, '')),
				headers: {
					'Content-Type': String(
						context.getNodeParameter('rawContentType', itemIndex, 'text/plain'),
					),
				},
			};
		case 'binary':
			return await binaryBody(context, itemIndex);
		default:
			return { headers: {} };
	}
}

/** A text is sent as it is, so that the order of members and long numbers stay as they were typed. */
function jsonText(value: unknown): string {
	if (typeof value !== 'string') return JSON.stringify(value);
	try {
		JSON.parse(value);
		return value;
	} catch (error) {
		const reason = error instanceof SyntaxError ? error.message : String(error);
		throw invalidParameter(
			`The JSON of the body cannot be read: ${reason}`,
			'Correct the JSON; texts in it must be quoted and escaped, for instance with JSON.stringify().',
		);
	}
}

async function binaryBody(context: IExecuteFunctions, itemIndex: number): Promise<RequestBody> {
	const field = String(context.getNodeParameter('inputDataFieldName', itemIndex, 'data'));
	const file = context.helpers.assertBinaryData(itemIndex, field);
	return {
		content: await openBinary(context, itemIndex, field, file),
		headers: {
			'Content-Type': file.mimeType || 'application/octet-stream',
			'Content-Disposition': contentDisposition(file.fileName ?? 'file'),
			...(await lengthHeader(context, file)),
		},
	};
}

/** Stored binary data is opened anew each time, so that it can be sent again; other data is in memory. */
async function openBinary(
	context: IExecuteFunctions,
	itemIndex: number,
	field: string,
	file: IBinaryData,
): Promise<ReplayableBody> {
	const { id } = file;
	if (id) return async () => await context.helpers.getBinaryStream(id);
	return await context.helpers.getBinaryDataBuffer(itemIndex, field);
}

/** With the length known the file is not sent in chunks, which older servers do not take. */
async function lengthHeader(
	context: IExecuteFunctions,
	{ id }: IBinaryData,
): Promise<Record<string, string>> {
	if (!id) return {};
	const { fileSize } = await context.helpers.getBinaryMetadata(id);
	return fileSize > 0 ? { 'Content-Length': String(fileSize) } : {};
}
