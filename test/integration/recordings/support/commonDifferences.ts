import type { AllowedDifference } from '../../../support/recordings/recording';
import { allowed } from './allowed';

/** How every vault differs from the recorded ones. */
export const SCHEMA_DIFFERENCES: readonly AllowedDifference[] = [
	{
		...allowed(
			'tables > meta > schema_version > value',
			'changed',
			'schema 2 adds tables; what stands in a vault is read on as it is',
		),
		is: '2',
	},
	{
		...allowed(
			'tables > meta > oldest_reader > value',
			'changed',
			'code of schema 1 would let a newcomer in without proof',
		),
		is: '2',
	},
];

/** How the hold on the end of the process differs from the recorded one. */
export const EXIT_HOLD_DIFFERENCE: AllowedDifference = {
	...allowed(
		'processState > exitHold1 > running > Set',
		'changed',
		'work is held under exitHold2, which waits for what an older copy has here',
	),
	is: 'nothing seen',
};

const PAIR = 'rivals: which authorization a pair came from is noted';
const BESIDE = 'a log-in that is not accepted yet stands beside the record';

/** How token chains differ from the recorded ones, in every recorded run of them. */
export const CHAIN_DIFFERENCES: readonly AllowedDifference[] = [
	allowed('tables > record > * > meta > pairOf', 'added', PAIR),
	allowed('tables > record > * > meta > firstOf', 'added', PAIR),
	allowed('tables > record > * > meta > mergedAsGeneration', 'removed', BESIDE),
	allowed('tables > record > * > meta > mergedRival', 'added', BESIDE),
	allowed('tables > record > * > meta > mergedGeneration', 'added', BESIDE),
	allowed(
		'processState > tokenChain1 > authorizations > Map > *',
		'removed',
		'what is remembered of an authorization holds for one secret and credential',
	),
];
