import type { INodeProperties } from 'n8n-workflow';
import { invalidParameter } from '../../api/clientErrors';
import type { FieldNames } from '../../fields/fieldNames';
import { readFields } from '../../fields/readFields';
import type { SentField } from '../../fields/writeFields';
import type { OperationCall } from '../operation';

const RULES = ['add', 'replaceFile', 'skip', 'updateFields'] as const;

/** What happens where a document with the same values is there already. */
export type IfExists = (typeof RULES)[number];

/** How a repeated run stores no second copy. */
export const ifExistsFields: INodeProperties[] = [
	{
		displayName: 'If It Exists Already',
		name: 'ifExists',
		type: 'options',
		options: [
			{
				name: 'Add',
				value: 'add',
				description: 'Store the document without a look for others',
			},
			{
				name: 'Replace the File',
				value: 'replaceFile',
				description: 'Put the file in the place of the one of the document that is found',
			},
			{
				name: 'Skip',
				value: 'skip',
				description: 'Give the document that is found, and store nothing',
			},
			{
				name: 'Update Fields',
				value: 'updateFields',
				description: 'Change the index fields of the document that is found, not its file',
			},
		],
		default: 'add',
		description:
			'What happens where the file cabinet holds a document with the same values in the fields that you choose. Several workers with the same values store one document.',
	},
	{
		displayName: 'Fields to Match',
		name: 'matchFields',
		type: 'multiOptions',
		typeOptions: {
			loadOptionsMethod: 'getMatchFields',
			loadOptionsDependsOn: ['fileCabinetId.value'],
		},
		default: [],
		required: true,
		description:
			'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
		hint: 'Index fields by which the document is known again, such as its number; each needs a value',
		displayOptions: { show: { ifExists: ['replaceFile', 'skip', 'updateFields'] } },
	},
];

/** @throws ConnectorError DOCUWARE_INVALID_PARAMETER for what is none of the rules: an expression may give anything */
export function readIfExists({
	context,
	itemIndex,
}: Pick<OperationCall, 'context' | 'itemIndex'>): IfExists {
	const given: unknown = context.getNodeParameter('ifExists', itemIndex, 'add');
	const rule = RULES.find((one) => one === given);
	if (rule !== undefined) return rule;
	throw invalidParameter(
		`"${String(given)}" in If It Exists Already is none of its values. Nothing was stored or changed.`,
		`Choose from the list, or have the expression give one of: ${RULES.join(', ')}.`,
	);
}

/**
 * Names in the database of the fields by which a document is known again.
 * @throws ConnectorError DOCUWARE_INVALID_VALUE for a name that no field has
 */
export function readMatchNames(
	{ context, itemIndex }: Pick<OperationCall, 'context' | 'itemIndex'>,
	names: FieldNames,
): string[] {
	const given: unknown = context.getNodeParameter('matchFields', itemIndex, []);
	const typed = Array.isArray(given) ? given.map(String) : String(given ?? '').split(',');
	const wanted = typed.map((name) => name.trim()).filter((name) => name !== '');
	return wanted.map((name) => names.find(name).name);
}

/** The values by which a document is known again, out of those that are stored; null for one that is not among them. */
export function matchValuesOf(
	matchNames: readonly string[],
	fields: readonly SentField[],
): Record<string, unknown> {
	const values = readFields(fields);
	return Object.fromEntries(matchNames.map((name) => [name, values[name] ?? null]));
}
