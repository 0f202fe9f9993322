import type { DocuWareSwitches } from '../switches';
import type { WritingRules } from '../world/sentValues';

/** Offset of the server's clock in minutes, by switch. */
export function zoneMinutesOf({ dateOffset }: DocuWareSwitches): number {
	return dateOffset === 'local' ? 60 : 0;
}

/** How written values are read at present. */
export function writingRulesOf(switches: DocuWareSwitches): WritingRules {
	const { unknownIndexFields, clearing, decimalPlaces, typeFirst } = switches;
	return {
		unknownIndexFields,
		clearing,
		decimalPlaces,
		typeFirst,
		zoneMinutes: zoneMinutesOf(switches),
	};
}
