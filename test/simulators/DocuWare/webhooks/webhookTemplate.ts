import { fieldOf } from '../world/cabinets';
import type { SimulatedFileCabinet } from '../world/cabinets';
import type { IndexValue, StoredDocument } from '../world/documents';
import type { SimulatedField } from '../world/fields';
import { valueOf } from '../world/systemValues';

/** A field in a template; in the web interface it is chosen from a list. */
const placeholder = /\{\{([A-Za-z0-9_]+)\}\}/g;

/**
 * The template that an administrator finds: all fields of the cabinet but tables, which cannot be sent
 * (docs/facts/docuware.md 8.3).
 */
export function defaultTemplate({ fields }: SimulatedFileCabinet): string {
	const lines = fields
		.filter(({ DWFieldType: type }) => type !== 'Table')
		.map(({ DBFieldName: name, DWFieldType: type }) => {
			const isText = type === 'Text' || type === 'Memo';
			return `  "${name}": ${isText ? `"{{${name}}}"` : `{{${name}}}`}`;
		});
	return `{\n${lines.join(',\n')}\n}`;
}

/** @throws Error for a field that the cabinet does not have or that cannot be sent, and for what is no JSON */
export function checkTemplate(template: string, cabinet: SimulatedFileCabinet): void {
	for (const [, name = ''] of template.matchAll(placeholder)) {
		const field = fieldOf(cabinet, name);
		if (field === undefined) throw new Error(`There is no field '${name}'.`);
		if (field.DWFieldType === 'Table') throw new Error(`The table '${name}' cannot be sent.`);
	}
	JSON.parse(template.replace(placeholder, '0'));
}

/** The body for a document: in quotes a field is text, else a value of JSON; decimals keep their digits. */
export function filledTemplate(
	template: string,
	document: StoredDocument,
	cabinet: SimulatedFileCabinet,
): string {
	return template.replace(/"(?:[^"\\]|\\.)*"|\{\{[A-Za-z0-9_]+\}\}/gs, (part) => {
		const isText = part.startsWith('"');
		return part.replace(placeholder, (_whole, name: string) => {
			const field = fieldOf(cabinet, name);
			if (field === undefined) throw new Error(`There is no field '${name}'.`);
			const json = jsonOf(field, valueOf(document, field.DBFieldName));
			return isText ? insideQuotes(json) : json;
		});
	});
}

/** A value as JSON: dates as ISO times of UTC, decimals with all their digits. */
export function jsonOf(field: SimulatedField, value: IndexValue | undefined): string {
	if (value === undefined) return 'null';
	switch (field.DWFieldType) {
		case 'Decimal':
			return Number(value).toFixed(field.Precision);
		case 'Date':
		case 'DateTime':
			return JSON.stringify(new Date(Number(value)).toISOString().replace('.000Z', 'Z'));
		default:
			return JSON.stringify(value);
	}
}

function insideQuotes(json: string): string {
	if (json === 'null') return '';
	if (json.startsWith('"')) return json.slice(1, -1);
	return JSON.stringify(json).slice(1, -1);
}
