import { resourceAnswer } from '../http/answers';
import type { SimulatedFileCabinet } from '../world/cabinets';
import type { IndexValue, IndexValues, StoredDocument } from '../world/documents';
import { itemElements } from '../world/fields';
import type { SimulatedField } from '../world/fields';
import { isAnswer } from './authentication';
import type { SignedInHandler } from './call';
import { itemOf } from './documentResource';
import { documentFor } from './documents';

/** Largest text that is looked into, in bytes. */
const readableBytes = 1_000_000;

/**
 * `GET Documents/{id}/Suggestions` (docs/facts/docuware.md 7.3, 7.4): what stands in a text behind the label of
 * a field, as in `Company: Peters`.
 */
export const getSuggestions: SignedInHandler = (call, principal) => {
	const found = documentFor(call, principal, 'General_DisplayDocument');
	if (isAnswer(found)) return found;
	const { document, cabinet } = found;
	const values = suggestedValues(document, cabinet);
	return resourceAnswer(call.request, 'Suggestions', {
		Field: suggestible(cabinet).map((field) => {
			const value = values[field.DBFieldName];
			return {
				Name: field.DisplayName,
				DBName: field.DBFieldName,
				Confidence: value === undefined ? 'None' : 'Green',
				Value:
					value === undefined
						? []
						: [
								{
									Item: itemOf(field, value, call.server.switches),
									ItemElementName: itemElements[field.DWFieldType],
								},
							],
			};
		}),
		Links: [],
	});
};

/** The values that the server would set by itself. */
export function suggestedValues(
	document: StoredDocument,
	cabinet: SimulatedFileCabinet,
): IndexValues {
	const text = textOf(document);
	const found = suggestible(cabinet).flatMap((field): Array<[string, IndexValue]> => {
		const label = field.DisplayName.replace(/[^\w ]/g, '.');
		const said = new RegExp(`^${label}:\\s*(.+)$`, 'im').exec(text)?.[1]?.trim();
		const value = said === undefined ? undefined : valueIn(field, said);
		return value === undefined ? [] : [[field.DBFieldName, value]];
	});
	return Object.fromEntries(found);
}

function suggestible({ fields }: SimulatedFileCabinet): SimulatedField[] {
	return fields.filter(
		({ Scope: scope, DWFieldType: type }) =>
			scope === 'User' && ['Text', 'Memo', 'Numeric', 'Decimal', 'Date'].includes(type),
	);
}

function valueIn({ DWFieldType: type }: SimulatedField, said: string): IndexValue | undefined {
	if (type === 'Text' || type === 'Memo') return said;
	const value = type === 'Date' ? Date.parse(said) : Number(said);
	return Number.isNaN(value) ? undefined : value;
}

function textOf({ sections }: StoredDocument): string {
	return sections
		.filter(
			({ contentType, content }) =>
				contentType.startsWith('text/') && content.isKept && content.size <= readableBytes,
		)
		.map(({ content }) => content.bytes().toString('utf8'))
		.join('\n');
}
