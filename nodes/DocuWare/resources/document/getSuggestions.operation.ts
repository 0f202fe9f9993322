import type { IDataObject } from 'n8n-workflow';
import { isRecord } from '../../../shared/http';
import type { PlatformResource } from '../../api/platformClient';
import { readFieldValue } from '../../fields/readFields';
import { sessionFields } from '../common/sessionFields';
import type { DocuWareOperation } from '../operation';
import { documentTargetFields } from './documentTarget';
import { linkOf, placeOf, readDocument } from './locatedDocument';

/** `…/Suggestions` of Intelligent Indexing (docs/facts/docuware.md 7.3, 7.4). */
export const getSuggestions: DocuWareOperation = {
	name: 'Get Suggestions',
	value: 'getSuggestions',
	action: 'Get suggestions for document',
	description: 'Get what Intelligent Indexing suggests for the index fields of a document',
	fields: [...sessionFields, ...documentTargetFields],
	async execute(call) {
		const document = await readDocument(call);
		const path = linkOf(call, document, 'suggestions');
		const { Field: list } = await call.client.read({ path, signal: call.signal });
		const fields = Array.isArray(list) ? list.filter(isRecord) : [];
		const { IntellixTrust: trust } = document.resource;
		return [
			{
				json: {
					...placeOf(document),
					trust: typeof trust === 'string' ? trust : null,
					suggestions: fields.map(suggestion),
				},
			},
		];
	},
};

/** A field with its values, the likeliest first. */
function suggestion({ DBName, Name, Confidence, Value }: PlatformResource): IDataObject {
	const values = (Array.isArray(Value) ? Value.filter(isRecord) : []).map(readFieldValue);
	return {
		field: String(DBName ?? Name),
		label: String(Name ?? DBName),
		confidence: typeof Confidence === 'string' ? Confidence : 'None',
		value: values[0] ?? null,
		values,
	} as IDataObject;
}
