import type { DocuWareSimulator } from '../../../simulators/DocuWare';
import { printTable } from '../../../support/chain/printTable';

/** Collects the simulator's counts of each test and prints them when the tests are over. */
export function counterTable(title: string): {
	add(name: string, simulator: DocuWareSimulator): void;
} {
	const rows: Array<Record<string, unknown>> = [];
	afterAll(() => {
		if (rows.length > 0) printTable(title, rows);
	});
	return {
		add: (name, simulator) => {
			const { logOns, licences, loginTokens, logOffs, grants, unauthorized } = simulator.counters;
			rows.push({
				case: name,
				passwordLogOns: logOns.password,
				tokenLogOns: logOns.token,
				passwordGrants: grants.password,
				licencesAtMost: licences.maxInUse,
				licencesRefused: licences.refused,
				tokensMade: loginTokens.made,
				logOffs,
				deadSession401: unauthorized.deadSession,
				cookiesToIdentityHost: simulator.counters.cookiesSentToIdentityHost,
			});
		},
	};
}
