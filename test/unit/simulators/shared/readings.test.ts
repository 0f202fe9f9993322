import { DocuWareSimulator } from '../../../simulators/DocuWare';
import { READINGS as DOCUWARE_READINGS } from '../../../simulators/DocuWare/readings';
import { ExactOnlineSimulator } from '../../../simulators/ExactOnline';
import { READINGS as EXACT_READINGS } from '../../../simulators/ExactOnline/readings';
import {
	harderReadings,
	READINGS_VARIABLE,
	startSwitches,
	type Readings,
} from '../../../simulators/shared/readings';

interface Switches {
	status: 401 | 400;
	grace: 'none' | 'some';
	pageSize: number;
}

const DEFAULTS: Switches = { status: 401, grace: 'none', pageSize: 60 };

const READINGS: Readings<Switches> = {
	status: { others: [400], harder: 400 },
	grace: { others: ['some'] },
};

const before = process.env[READINGS_VARIABLE];

afterEach(() => {
	if (before === undefined) delete process.env[READINGS_VARIABLE];
	else process.env[READINGS_VARIABLE] = before;
});

it.each([
	['', DEFAULTS],
	['likely', DEFAULTS],
	['harder', { ...DEFAULTS, status: 400 }],
])('simulators start with the readings "%s"', (asked, expected) => {
	process.env[READINGS_VARIABLE] = asked;
	expect(startSwitches(DEFAULTS, READINGS)).toEqual(expected);
});

it('another word is no reading', () => {
	process.env[READINGS_VARIABLE] = 'hardest';
	expect(() => startSwitches(DEFAULTS, READINGS)).toThrow(RangeError);
});

it('both simulators obey, and what a test asks for goes before', async () => {
	process.env[READINGS_VARIABLE] = 'harder';
	const exact = await ExactOnlineSimulator.start({ switches: { oldTokenStatus: 401 } });
	const docuWare = await DocuWareSimulator.start({ switches: { emptyCookieTwin: 'none' } });
	await Promise.all([exact.close(), docuWare.close()]);
	expect(exact.switches).toMatchObject({
		...harderReadings(EXACT_READINGS),
		oldTokenStatus: 401,
	});
	expect(docuWare.state.switches).toMatchObject({
		...harderReadings(DOCUWARE_READINGS),
		emptyCookieTwin: 'none',
	});
});
