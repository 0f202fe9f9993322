import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { withNodeErrors } from '../../shared/node/nodeErrors';
import { ExactOnlineClient } from '../api/exactOnlineClient';
import type { ExactRow } from '../wire/exactTypes';
import { contains } from '../odata/filter';
import { odataLiteral, padAccountCode } from '../odata/literals';
import { CREDENTIAL_TYPE } from '../auth/credentialData';
import { createAccessTokenSource } from '../auth/nodeAccessTokenSource';
import { readCurrentDivision } from '../resources/common/currentDivision';
import { CURRENT_DIVISION, parseDivision } from '../resources/common/divisionField';
import { firstDivisionPage, nextDivisionPage } from '../resources/division/divisionLists';

/**
 * The divisions for a drop-down, 60 at a time; what the user types is searched for by the service.
 * The first entry stands for the current division.
 */
export async function searchDivisions(
	this: ILoadOptionsFunctions,
	search?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	return await withClient(this, async (client) => {
		const page =
			paginationToken === undefined
				? await firstDivisionPage(client, {
						division: await readCurrentDivision(client, undefined),
						search,
						fields: ['Code', 'CustomerName', 'Description', 'Hid'],
					})
				: await nextDivisionPage(client, paginationToken);
		const results = page.rows.map((row) => ({
			name: divisionName(row),
			value: String(row.Code),
		}));
		const isStart = paginationToken === undefined && !search;
		const current = { name: 'Current Division', value: CURRENT_DIVISION };
		return {
			results: isStart ? [current, ...results] : results,
			paginationToken: page.next,
		};
	});
}

/** The accounts of the chosen division for a drop-down, found by part of the name or by code. */
export async function searchAccounts(
	this: ILoadOptionsFunctions,
	search?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	return await withClient(this, async (client) => {
		const page =
			paginationToken === undefined
				? await client.request({
						method: 'GET',
						path: 'crm/Accounts',
						division: await chosenDivision(this, client),
						query: {
							$select: 'ID,Code,Name',
							$filter: accountSearch(search),
							$orderby: 'Name',
						},
					})
				: await client.follow(paginationToken, {});
		return {
			results: page.rows.map((row) => ({
				name: `${text(row.Name)} (${text(row.Code)})`,
				value: String(row.ID),
			})),
			paginationToken: page.next,
		};
	});
}

async function withClient<T>(
	context: ILoadOptionsFunctions,
	work: (client: ExactOnlineClient) => Promise<T>,
): Promise<T> {
	return await withNodeErrors(context.getNode(), async () => {
		const source = await createAccessTokenSource(context, 0);
		const credentialId = context.getNode().credentials?.[CREDENTIAL_TYPE]?.id ?? undefined;
		return await work(new ExactOnlineClient(source, { credentialId }));
	});
}

async function chosenDivision(
	context: ILoadOptionsFunctions,
	client: ExactOnlineClient,
): Promise<number> {
	const value: unknown = context.getCurrentNodeParameter('division', { extractValue: true });
	return parseDivision(value) ?? (await readCurrentDivision(client, undefined));
}

function accountSearch(search: string | undefined): string | undefined {
	const typed = search?.trim() ?? '';
	if (typed === '') return undefined;
	const capital = typed.charAt(0).toUpperCase() + typed.slice(1);
	return [
		`Code eq ${odataLiteral('String', padAccountCode(typed))}`,
		...[...new Set([typed, capital])].map((part) => contains('Name', part)),
	].join(' or ');
}

function divisionName(row: ExactRow): string {
	const description = text(row.Description);
	const customer = text(row.CustomerName);
	const name = [description, customer === description ? '' : customer]
		.filter((part) => part !== '')
		.join(', ');
	return name === '' ? `Division ${text(row.Code)}` : `${name} (${text(row.Code)})`;
}

function text(value: unknown): string {
	return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}
