import type { SimulatedServer } from '../simulatedServer';
import type { DocuWareSwitches } from '../switches';
import { msDateOf, msPerHour } from '../world/dates';
import type { WritingRules } from '../world/sentValues';

/** Offset of the server's clock in minutes, by switch. */
export function zoneMinutesOf({ dateOffset }: DocuWareSwitches): number {
	return dateOffset === 'local' ? 60 : 0;
}

/** The time that answers carry, by switch. */
export function answerTimeOf(server: Pick<SimulatedServer, 'now' | 'switches'>): string {
	const { answerTimes } = server.switches;
	const ahead = { asWritten: 0, ahead: msPerHour, behind: -msPerHour }[answerTimes];
	return msDateOf(server.now() + ahead, zoneMinutesOf(server.switches));
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
