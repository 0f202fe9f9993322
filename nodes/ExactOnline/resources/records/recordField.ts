import type { INodeProperties } from 'n8n-workflow';
import { titleOf } from '../../catalogue/words';
import { typedMode } from './referenceFields';
import type { RecordTarget } from './target';
import { inSentence } from './words';

/** Mode of the locator that holds the key itself. */
export const BY_ID = 'id';

/** Before the name of a business key in the name of a mode. */
const BY_FIELD = 'by';

/** One record: from a searchable list, by its ID, or by a field that people know it by. */
export function recordField({ name, data }: RecordTarget): INodeProperties {
	return {
		displayName: name,
		name: 'record',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required: true,
		description: `The ${inSentence(name)} to work on`,
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				typeOptions: { searchListMethod: 'searchRecords', searchable: true },
			},
			typedMode('By ID', BY_ID),
			...(data?.keys ?? []).map((key) => typedMode(`By ${titleOf(key)}`, BY_FIELD + key)),
		],
	};
}

/** The field by whose value a mode of the locator names the record; undefined for its key. */
export function keyOfMode(mode: unknown): string | undefined {
	const name = String(mode ?? '');
	return name.startsWith(BY_FIELD) ? name.slice(BY_FIELD.length) : undefined;
}
