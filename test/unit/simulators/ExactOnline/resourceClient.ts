import type { WorldOptions } from '../../../simulators/ExactOnline';
import { list, rowsOf, SimulatorClient, type ReadAnswer } from './simulatorClient';

/** Calls on the resources of one division, by their endpoint and as a user without a worry about limits. */
export class ResourceClient {
	private constructor(
		readonly client: SimulatorClient,
		readonly accessToken: string,
	) {}

	static async start(world: WorldOptions = {}): Promise<ResourceClient> {
		const client = await SimulatorClient.start({
			...world,
			switches: { minutelyLimit: 100_000, errorBudget: 10_000, accessTokenLifeSeconds: 600_000 },
		});
		return new ResourceClient(client, client.logIn().accessToken);
	}

	async close(): Promise<void> {
		await this.client.close();
	}

	async get(endpoint: string, query: Record<string, string> = {}): Promise<ReadAnswer> {
		return await this.client.get(this.pathOf(endpoint), this.accessToken, query);
	}

	async post(endpoint: string, body: unknown): Promise<ReadAnswer> {
		return await this.call('POST', endpoint, body);
	}

	async put(endpoint: string, body: unknown): Promise<ReadAnswer> {
		return await this.call('PUT', endpoint, body);
	}

	async delete(endpoint: string): Promise<ReadAnswer> {
		return await this.call('DELETE', endpoint);
	}

	/** The rows of one page. */
	async rows(
		endpoint: string,
		query: Record<string, string> = {},
	): Promise<Array<Record<string, unknown>>> {
		return rowsOf(await this.get(endpoint, query));
	}

	/** The key `ID` of the first row that meets a filter. */
	async idOfFirst(endpoint: string, filter?: string): Promise<string> {
		const query = {
			$select: 'ID',
			$top: '1',
			...(filter === undefined ? {} : { $filter: filter }),
		};
		const [row] = await this.rows(endpoint, query);
		if (!row) throw new Error(`${endpoint} has no such row.`);
		return String(row['ID']);
	}

	/** The new entity. */
	async create(endpoint: string, body: unknown): Promise<Record<string, unknown>> {
		return entityOf(await this.post(endpoint, body), 201);
	}

	/** Follows an absolute address of an answer. */
	async follow(address: string): Promise<ReadAnswer> {
		const url = new URL(address);
		const path = decodeURIComponent(url.pathname).replace('/api/v1/', '');
		return await this.client.get(path, this.accessToken, Object.fromEntries(url.searchParams));
	}

	/** The rows of all pages, from an answer on. */
	async allRows(first: ReadAnswer): Promise<Array<Record<string, unknown>>> {
		const found = [...rowsOf(first)];
		for (let next = list(first).__next; next !== undefined;) {
			const page = await this.follow(next);
			found.push(...rowsOf(page));
			next = list(page).__next;
		}
		return found;
	}

	/** The beta family stands before the division (docs/facts/exact-online.md 4.5). */
	private pathOf(endpoint: string): string {
		const { division } = this.client;
		return endpoint.startsWith('beta/')
			? endpoint.replace('beta/', `beta/${division}/`)
			: `${division}/${endpoint}`;
	}

	private async call(method: string, endpoint: string, body?: unknown): Promise<ReadAnswer> {
		return await this.client.call(method, this.pathOf(endpoint), this.accessToken, { body });
	}
}

/** The entity in an answer. */
export function entityOf(answer: ReadAnswer, status = 200): Record<string, unknown> {
	if (answer.status !== status) throw new Error(`${answer.status}: ${answer.text}`);
	return (answer.json as { d: Record<string, unknown> }).d;
}
