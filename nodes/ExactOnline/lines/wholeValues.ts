import type { WholeValues } from '../../shared/node/wholeValues';
import { isReferenceName } from '../catalogue/firstClass/references';

/** What has to be whole in a line: with a hole in it, a reference would name another record. */
export const WHOLE_REFERENCES: Pick<WholeValues, 'isWhole' | 'isWholeInside' | 'code'> = {
	isWhole: isReferenceName,
	isWholeInside: isReferenceName,
	code: 'EXACT_EMPTY_VALUE',
};
