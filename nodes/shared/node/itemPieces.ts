import type { IExecuteFunctions } from 'n8n-workflow';
import { passOn } from '../errors';
import type { OutputRow } from './operation';
import type { Piece } from './runPieces';

/** What is done for each item, in two steps. */
export interface ItemWork<Read> {
	/** Reads what n8n has for the item: parameters, with their expressions. Sends nothing. */
	read(itemIndex: number): Read;
	/** Does the work of the item with what was read. */
	run(read: Read): Promise<OutputRow[]>;
}

/** Every input item as a piece of its own, whose reading may be done ahead; what that throws is thrown in the item's turn. */
export function itemPieces<Read>(context: IExecuteFunctions, work: ItemWork<Read>): Piece[] {
	return [...context.getInputData().keys()].map((itemIndex) => itemPiece(itemIndex, work));
}

function itemPiece<Read>(itemIndex: number, { read, run }: ItemWork<Read>): Piece {
	let ahead: (() => Read) | undefined;
	return {
		itemIndexes: [itemIndex],
		readAhead: () => {
			try {
				const value = read(itemIndex);
				ahead = () => value;
			} catch (problem) {
				ahead = () => passOn(problem);
			}
		},
		run: async () => {
			const given = ahead;
			// A long run does not keep what its items held.
			ahead = undefined;
			return await run(given ? given() : read(itemIndex));
		},
	};
}
