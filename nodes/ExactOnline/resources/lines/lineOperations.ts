import type { Operation } from '../operation';
import type { RecordTarget } from '../records/target';
import { addLine } from './addLine.operation';
import { changeLine } from './changeLine.operation';
import { deleteLine } from './deleteLine.operation';
import { hasLines, type DocumentTarget } from './documentTarget';

/** In the order in which they are offered. */
const MAKERS: Readonly<Record<string, (target: DocumentTarget) => Operation>> = {
	addLine,
	changeLine,
	deleteLine,
};

/**
 * The operations on single lines of a document.
 * @param abilities values of those that the endpoint of its lines allows
 */
export function lineOperations(target: RecordTarget, abilities: readonly string[]): Operation[] {
	if (!hasLines(target)) return [];
	return Object.entries(MAKERS)
		.filter(([name]) => abilities.includes(name))
		.map(([, make]) => make(target));
}
