import { appendFileSync } from 'node:fs';
import type { Fleet } from './fleet';
import { SIZE_NAME } from './size';

/** What was counted in a scenario, by the names that are printed. */
export type ScenarioCounters = Record<string, number | string>;

/** Counts one scenario after another, from where each begins. */
export class CountedScenarios {
	private lastExecution = 0;

	constructor(private readonly fleet: Fleet) {}

	/** Everything is zero from now on, except what has been asked for and not answered. */
	async begin(): Promise<void> {
		const { fleet } = this;
		fleet.exact.simulator.reset();
		fleet.docuWare.state.resetCounters();
		fleet.remarks.splice(0);
		const [row] = await fleet.database.sql('SELECT max(id) AS last FROM execution_entity');
		this.lastExecution = Number(row?.['last'] ?? 0);
	}

	/**
	 * Prints one line with what n8n's table of executions and both simulators have counted, and what the scenario says
	 * of itself. A file that FLEET_RESULTS names is given it as a line of JSON.
	 */
	async print(scenario: string): Promise<void> {
		const counters = await this.counters();
		const words = Object.entries(counters).map(([what, count]) => `${what}: ${count}`);
		process.stdout.write(`\nCounters of "${scenario}" (${SIZE_NAME}): ${words.join('; ')}\n`);
		const file = process.env.FLEET_RESULTS;
		if (file) appendFileSync(file, `${JSON.stringify({ scenario, counters })}\n`);
	}

	private async counters(): Promise<ScenarioCounters> {
		const { exact, docuWare, remarks } = this.fleet;
		const seen = exact.simulator.counters;
		const { logOns, licences } = docuWare.counters;
		return {
			executions: await this.executions(),
			'token POSTs': seen.tokenPosts,
			granted: seen.refreshesGranted,
			'old-token uses': seen.oldTokenUses,
			'too early': seen.tooEarly,
			calls: seen.apiCalls,
			'with ended token': seen.apiCallsWithExpiredToken,
			'401s': seen.unauthorized,
			'refused by a limit': seen.rateLimited,
			'DocuWare log-ons': logOns.password + logOns.token,
			'licences at most': licences.maxInUse,
			'besides that': remarks.join(', ') || '-',
		};
	}

	/** Executions that webhooks have started, by how they ended; what n8n could not write down is `running`. */
	private async executions(): Promise<string> {
		const rows = await this.fleet.database.sql(
			`SELECT status, count(*) AS number FROM execution_entity
			WHERE id > ${this.lastExecution} AND mode = 'webhook' GROUP BY status ORDER BY status DESC`,
		);
		return (
			rows.map(({ number, status }) => `${String(number)} ${String(status)}`).join(', ') || '0'
		);
	}
}
