import type { Readings } from '../shared/readings';
import type { ExactOnlineSwitches } from './switches';
import { WEBHOOK_READINGS } from './webhooks/webhookSwitches';

/** What sources leave open about Exact Online, by switch (docs/readings.md). */
export const READINGS = {
	refreshWindowFraction: { others: [1], harder: 1 },
	grace: { others: ['untilNewIsUsed', 'tenMinutes'] },
	oldTokenStatus: { others: [400], harder: 400 },
	replacedLogInAnswer: { others: ['brokenChain'], harder: 'brokenChain' },
	tooEarlyStatus: { others: [401], harder: 401 },
	tooEarlyCheckedFirst: { others: [true], harder: true },
	unknownTokenAnswer: { others: ['unauthorizedClient', 'plainText'], harder: 'plainText' },
	refreshAnswer: {
		others: ['noRefreshToken', 'emptyRefreshToken', 'gatewayFault', 'gatewayFaultOnRequest'],
	},
	tokenCookies: { others: [true], harder: true },
	tokenMustOutliveRequest: { others: [true], harder: true },
	lateWriteTakesEffect: { others: [true], harder: true },
	unauthorizedAnswer: { others: ['reasonHeader'], harder: 'reasonHeader' },
	blockedStatus: { others: [403], harder: 403 },
	textComparison: { others: ['exact'] },
	bareArrayForTop: { others: [false], harder: false },
	validationStatus: { others: [500], harder: 500 },
	functionEnvelope: { others: ['results'] },
	insertAnswer: { others: ['key'], harder: 'key' },
	paddedCodes: { others: [true], harder: true },
	readOnlyFields: { others: ['refused'], harder: 'refused' },
	xmlErrorType: { others: [1] },
	xmlLastPage: { others: ['withPlace'], harder: 'withPlace' },
	mandatoryFilters: { others: ['known'] },
	unbalancedEntries: { others: ['taken'] },
	creditNotes: { others: ['never'] },
	stampClock: { others: ['greenwich'] },
	syncTimestamp: { others: ['firstAfter'], harder: 'firstAfter' },
	deletedLines: { others: ['told'], harder: 'told' },
	bodyLimitMB: { others: [9.5, 38], harder: 9.5 },
	...WEBHOOK_READINGS,
} as const satisfies Readings<ExactOnlineSwitches>;

/** A switch that plays a reading. */
export type ReadingName = keyof typeof READINGS;
