import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { allOf, contains, typedFilter } from '../../odata/filter';
import { odataLiteral, padAccountCode } from '../../odata/literals';

/** Filters of the account list; all that are set must hold. */
export const accountFilters: INodeProperties = {
	displayName: 'Filters',
	name: 'filters',
	type: 'collection',
	placeholder: 'Add filter',
	default: {},
	options: [
		{
			displayName: 'Code',
			name: 'code',
			type: 'string',
			default: '',
			description: 'The number of the account, with or without its leading blanks',
		},
		{
			displayName: 'Email',
			name: 'email',
			type: 'string',
			placeholder: 'name@email.com',
			default: '',
			description: 'The exact email address of the account',
		},
		{
			displayName: 'Modified After',
			name: 'modifiedAfter',
			type: 'dateTime',
			default: '',
			description:
				'Only accounts changed after this time. A time without zone is compared with the ' +
				'times that Exact Online shows; a time with zone is taken as UTC, which may bring up ' +
				'to two hours more.',
		},
		{
			displayName: 'Name Contains',
			name: 'nameContains',
			type: 'string',
			default: '',
			description: 'Part of the name of the account',
		},
		{
			displayName: 'OData Filter',
			name: 'filter',
			type: 'string',
			default: '',
			placeholder: "e.g. City eq 'Delft' and Blocked eq false",
			description: 'A filter in the language of the API, added to the others',
		},
		{
			displayName: 'Status',
			name: 'status',
			type: 'options',
			options: [
				{ name: 'Customer', value: 'C' },
				{ name: 'None', value: 'A' },
				{ name: 'Prospect', value: 'P' },
				{ name: 'Suspect', value: 'S' },
			],
			default: 'C',
			description: 'What the account is to the company',
		},
	],
};

/**
 * `$filter` of the item's Filters; undefined where none is set.
 * @throws ConnectorError EXACT_INVALID_VALUE for a date that is none, or an OData filter with a bracket too many
 */
export function accountFilter(filters: IDataObject): string | undefined {
	const given = (name: string) => {
		const text = String(filters[name] ?? '').trim();
		return text === '' ? undefined : text;
	};
	const code = given('code');
	const email = given('email');
	const name = given('nameContains');
	const status = given('status');
	const filter = given('filter');
	const { modifiedAfter } = filters;
	return allOf([
		code && `Code eq ${odataLiteral('String', padAccountCode(code))}`,
		email && `Email eq ${odataLiteral('String', email)}`,
		name && contains('Name', name),
		status && `Status eq ${odataLiteral('String', status)}`,
		isGiven(modifiedAfter) ? `Modified gt ${odataLiteral('DateTime', modifiedAfter)}` : undefined,
		filter && typedFilter(filter),
	]);
}

/** A date may be an object. */
function isGiven(value: unknown): boolean {
	return value !== undefined && value !== null && String(value).trim() !== '';
}
