import type { INodeProperties } from 'n8n-workflow';
import { isRecord } from '../../../shared/http';

/** The search of the list of values; see `methods/valueSearch.ts`. */
export const VALUE_SEARCH = 'searchFieldValues';

/**
 * A value of the index field that stands beside it: any text, or one of the field's select list.
 * @param texts how it is shown
 */
export function valueLocator(
	texts: Pick<INodeProperties, 'displayName' | 'name' | 'description' | 'displayOptions'>,
): INodeProperties {
	return {
		...texts,
		type: 'resourceLocator',
		typeOptions: { loadOptionsDependsOn: ['fileCabinetId.value', 'dialogId.value', '&field'] },
		default: { mode: 'text', value: '' },
		modes: [
			{ displayName: 'Text', name: 'text', type: 'string' },
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'Select a value…',
				hint: 'The values of the select list of the field, or those that documents have',
				typeOptions: { searchListMethod: VALUE_SEARCH, searchable: true },
			},
		],
	};
}

/** What was chosen or typed; an expression or a model may give the value alone. */
export function locatedValue(given: unknown): unknown {
	return isRecord(given) && given.__rl === true ? given.value : given;
}
