import { contentDisposition, type ReplayableBody } from '../../../shared/http';
import { readInputFile } from '../../../shared/node/binaryInput';
import { readJsonField } from '../../../shared/node/jsonField';
import type { ItemCall } from '../../../shared/node/operation';
import { readPairs } from '../../../shared/node/pairsField';
import { invalidParameter } from '../../api/clientErrors';
import { PAIRS } from './requestFields';

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
export async function readBody(call: ItemCall, method: string): Promise<RequestBody> {
	const { context, itemIndex } = call;
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
				content: formText(context.getNodeParameter('formFields', itemIndex, {})),
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
			return await binaryBody(call);
		default:
			return { headers: {} };
	}
}

function formText(fields: unknown): string {
	return new URLSearchParams(readPairs(fields, PAIRS)).toString();
}

function jsonText(value: unknown): string {
	const reading = readJsonField(value);
	if ('text' in reading) return reading.text;
	throw invalidParameter(
		`The JSON of the body cannot be read: ${reading.problem}`,
		'Correct the JSON; texts in it must be quoted and escaped, for instance with JSON.stringify().',
	);
}

async function binaryBody(call: ItemCall): Promise<RequestBody> {
	const { context, itemIndex } = call;
	const field = String(context.getNodeParameter('inputDataFieldName', itemIndex, 'data'));
	const { body, fileName, mediaType, size } = await readInputFile(call, field);
	return {
		content: body,
		headers: {
			'Content-Type': mediaType,
			// The type `file` is DocuWare's own (docs/facts/docuware.md 7.2).
			'Content-Disposition': contentDisposition('file', fileName ?? 'file'),
			// With the length known the file is not sent in chunks, which older servers do not take.
			...(size === undefined ? {} : { 'Content-Length': String(size) }),
		},
	};
}
