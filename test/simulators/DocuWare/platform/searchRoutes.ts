import { signedIn } from './routes';
import type { PlatformRoute } from './routes';
import { countDocuments, linkToSearch, listDocuments, searchByDialog } from './searches';
import { selectListValues } from './selectLists';

const query = 'FileCabinets/{fileCabinetId}/Query';

/** Searches, counts and select lists (docs/facts/docuware.md 6.2). */
export const searchRoutes: readonly PlatformRoute[] = [
	signedIn('GET', 'FileCabinets/{fileCabinetId}/Documents', listDocuments),
	signedIn('GET', `${query}/Documents`, listDocuments),
	signedIn('POST', `${query}/DialogExpression`, searchByDialog),
	signedIn('POST', `${query}/DialogExpressionLink`, linkToSearch),
	signedIn('GET', `${query}/CountExpression`, countDocuments),
	signedIn('POST', `${query}/CountExpression`, countDocuments),
	signedIn('GET', `${query}/SelectListExpression`, selectListValues),
	signedIn('POST', `${query}/SelectListExpression`, selectListValues),
];
