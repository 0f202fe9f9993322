import type { AllowedDifference } from '../../../support/recordings/recording';
import { allowed } from './allowed';

/** How sessions of DocuWare differ from the recorded ones, in every recorded run of them. */
export const SESSION_DIFFERENCES: readonly AllowedDifference[] = [
	allowed(
		'outputs > * > sessionReference',
		'changed',
		'a reference is worth no more than the credential that is presented with it, and names its proof',
	),
	allowed(
		'tables > record > * > meta > loggedOffBy',
		'added',
		'tells what has logged a session off; readers of before pass it over',
	),
	allowed(
		'tables > record > * > meta > openedByCredential',
		'added',
		'the credential that opened a session may end it; readers of before pass it over',
	),
	allowed(
		'tables > record > * > meta > replacedSessions',
		'added',
		'sessions that were replaced are still to be logged off; readers of before pass them over',
	),
	allowed(
		'tables > record > * > sealed > holds > replaced',
		'added',
		'sessions that were replaced are still to be logged off; readers of before pass them over',
	),
	allowed(
		'processState > docuWareRecords1 > Map > *',
		'removed',
		'known under docuWareRecords2: which record it is may depend on the secret',
	),
	allowed('tables > use > *', 'added', 'Keep holds against the idle log-off of another credential'),
	allowed('words > uses > *', 'added', 'Keep holds against the idle log-off of another credential'),
];
