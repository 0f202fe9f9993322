import type { INodeProperties } from 'n8n-workflow';

/** How rows come out. */
export type OutputMode = 'simplified' | 'selected' | 'raw';

/** What differs between services. */
export interface OutputWords {
	simplified: string;
	raw: string;
	/** Where the editor has the fields to choose from; without it their names are typed. */
	list?: { loadOptionsMethod: string; loadOptionsDependsOn: string[] };
}

/** Simplified, Selected Fields or Raw, as n8n asks it of nodes that are tools as well. */
export function outputChoice({ simplified, raw, list }: OutputWords): INodeProperties[] {
	return [
		{
			displayName: 'Output',
			name: 'output',
			type: 'options',
			options: [
				{ name: 'Simplified', value: 'simplified', description: simplified },
				{ name: 'Selected Fields', value: 'selected', description: 'The fields that you choose' },
				{ name: 'Raw', value: 'raw', description: raw },
			],
			default: 'simplified',
			description: 'Which fields come out, and in which form',
		},
		{ ...(list ? { ...listedNames, typeOptions: list } : typedNames), ...whereSelected },
	];
}

const whereSelected: Pick<INodeProperties, 'hint' | 'displayOptions'> = {
	hint: 'All fields if empty',
	displayOptions: { show: { output: ['selected'] } },
};

const listedNames: INodeProperties = {
	displayName: 'Fields to Return',
	name: 'fieldsToReturn',
	type: 'multiOptions',
	default: [],
	description:
		'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
};

const typedNames: INodeProperties = {
	displayName: 'Fields to Return',
	name: 'fieldsToReturn',
	type: 'string',
	default: '',
	placeholder: 'e.g. Name, EMail',
	description: 'Names of fields with commas between them, or an expression that gives an array',
};

/** A list, or names with commas between them. */
export function namesIn(value: unknown): string[] {
	const names = Array.isArray(value) ? value.map(String) : String(value ?? '').split(',');
	return names.map((name) => name.trim()).filter((name) => name !== '');
}
