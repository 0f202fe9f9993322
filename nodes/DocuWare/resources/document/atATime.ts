import type { INodeProperties } from 'n8n-workflow';
import { readOptions } from '../../../shared/node/optionsField';
import type { ItemCall } from '../../../shared/node/operation';

const MOST_AT_A_TIME = 8;

/** How many items are worked on side by side. */
export const atATimeOption: INodeProperties = {
	displayName: 'Several at a Time',
	name: 'atATime',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: MOST_AT_A_TIME },
	default: 1,
	description:
		'How many items are uploaded side by side, 8 at most; the output keeps their order. After an error those under way are finished, and no others begun.',
};

/** As the first item says. */
export function readAtATime(first: ItemCall): number {
	const typed = Math.floor(Number(readOptions(first).atATime ?? 1));
	return typed >= 1 ? Math.min(typed, MOST_AT_A_TIME) : 1;
}
