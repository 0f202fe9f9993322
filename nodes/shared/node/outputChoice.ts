import type { INodeProperties } from 'n8n-workflow';

/** How rows come out. */
export type OutputMode = 'simplified' | 'selected' | 'raw';

/** What differs between services. */
export interface OutputWords {
	simplified: string;
	raw: string;
	/** Where the editor has the fields to choose from. */
	list: { loadOptionsMethod: string; loadOptionsDependsOn: string[] };
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
		{
			displayName: 'Fields to Return',
			name: 'fieldsToReturn',
			type: 'multiOptions',
			typeOptions: list,
			default: [],
			description:
				'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
			hint: 'All fields if empty',
			displayOptions: { show: { output: ['selected'] } },
		},
	];
}
