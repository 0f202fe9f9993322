import type { DocuWareSimulator } from '../../../simulators/DocuWare/docuWareSimulator';
import type { SwitchChanges } from '../../../simulators/DocuWare/switches';
import type { IndexValues } from '../../../simulators/DocuWare/world/documents';
import { fileClient, invoices, type FileClient } from './fileClient';
import { useSimulator } from './useSimulator';

/** The dialog of the file cabinet with that digit. */
export const dialog = (digit: number): string => `${invoices.slice(0, -1)}${digit}`;
const day = (text: string): number => Date.parse(text);

/** What a search answers. */
export interface Result {
	Count: { HasMore: boolean; Value: number; ExceedLimit: boolean };
	Items: Array<{ Id: number; Fields: Array<{ FieldName: string }> }>;
	Links: Array<{ rel: string; href: string }>;
}

/** Searches in a file cabinet of the simulator. */
export class SearchBench {
	constructor(
		readonly simulator: DocuWareSimulator,
		/** Sends JSON; paths stand below the file cabinet. */
		readonly call: FileClient['json'],
	) {}

	/** What a search answers; throws where it is refused. */
	async search(body: object, query = ''): Promise<Result> {
		const answer = await this.call('POST', `Query/DialogExpression${query}`, body);
		if (answer.status !== 200) throw new Error(answer.text);
		return answer.json() as Result;
	}

	async ids(body: object, query = ''): Promise<number[]> {
		return (await this.search(body, query)).Items.map(({ Id }) => Id);
	}

	/** What is found by one condition. */
	async found(DBName: string, ...Value: unknown[]): Promise<number[]> {
		return await this.ids({ Condition: [{ DBName, Value }], Operation: 'And' });
	}

	/** Status and message of a search. */
	async refusal(body: object, query = ''): Promise<[number, string]> {
		const answer = await this.call('POST', `Query/DialogExpression${query}`, body);
		return [answer.status, (answer.json() as { Message?: string }).Message ?? ''];
	}

	/** What a link leads to. */
	async follow(href: string): Promise<Result> {
		const path = href.replace(`/DocuWare/Platform/FileCabinets/${invoices}/`, '');
		const answer = await this.call('GET', path);
		if (answer.status !== 200) throw new Error(answer.text);
		return answer.json() as Result;
	}
}

/** Gives each test of a file its own simulator, with these documents in it. */
export function useSearches(): (
	documents: IndexValues[],
	switches?: SwitchChanges,
	user?: Record<string, string>,
) => Promise<SearchBench> {
	const { start } = useSimulator();
	return async (documents, switches, user) => {
		const simulator = await start(switches);
		for (const values of documents) {
			simulator.state.documents.add({
				fileCabinetId: invoices,
				values,
				storedBy: 'api',
				storedAt: simulator.state.now(),
			});
		}
		return new SearchBench(simulator, (await fileClient(simulator, user)).json);
	};
}

/** Documents that differ in fields of each type. */
export const three: IndexValues[] = [
	{ COMPANY: 'Peters', AMOUNT: 5, INVOICEDATE: day('2026-01-31'), KEYWORDS: ['a', 'b'] },
	{ COMPANY: 'Smith (UK)', AMOUNT: 10.5, INVOICEDATE: day('2026-02-01') },
	{
		DOCTYPE: 'Invoice',
		RECEIVED: day('2026-02-01T12:00:00Z'),
		POSITIONS: [{ POSIT_ARTICLE: 'Bolt', POSIT_QUANTITY: 3 }, { POSIT_ARTICLE: 'Nut' }],
	},
];
