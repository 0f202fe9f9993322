import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { readStamps } from '../resources/stamp/stamps';
import { listed } from './listSearch';
import { chosenCabinetId, withFacts } from './withClient';

/** The stamps of the chosen file cabinet; none before one is chosen. */
export async function searchStamps(
	this: ILoadOptionsFunctions,
	search?: string,
): Promise<INodeListSearchResult> {
	return await withFacts(this, async (call) => {
		const cabinetId = await chosenCabinetId(this, call);
		if (cabinetId === undefined) return { results: [] };
		const stamps = await readStamps(call, cabinetId);
		return {
			results: listed(
				stamps.map(({ id, name }) => ({ name, value: id })),
				search,
			),
		};
	});
}
