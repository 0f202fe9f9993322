import type { SearchRules } from '../search/terms';
import type { DocuWareSwitches } from '../switches';
import type { SimulatedUser } from '../worldData';
import { zoneMinutesOf } from './writingRules';

/** How searches are read at present, for a user. */
export function searchRulesOf(switches: DocuWareSwitches, user: SimulatedUser): SearchRules {
	const { notFindsEmpty, quotedBackslash, severalValues, dayOfTimes, checkedOutUntold } = switches;
	const { searchedTimes, timeBounds, quotedParentheses, zonedTimes } = switches;
	return {
		searchedTimes,
		timeBounds,
		notFindsEmpty,
		quotedBackslash,
		quotedParentheses,
		zonedTimes,
		severalValues,
		dayOfTimes,
		checkedOutUntold,
		zoneMinutes: zoneMinutesOf(switches),
		userFunctions: {
			CURRENTUSERSHORTNAME: user.name,
			CURRENTUSERLONGNAME: user.name,
			CURRENTUSEREMAIL: user.email,
		},
	};
}
