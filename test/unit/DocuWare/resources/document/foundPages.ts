import { PlatformClient } from '../../../../../nodes/DocuWare/api/platformClient';
import { RunMemory } from '../../../../../nodes/DocuWare/api/runMemory';
import { documentPages } from '../../../../../nodes/DocuWare/resources/document/documentPages';
import {
	documentKeyOf,
	type DocumentQuery,
} from '../../../../../nodes/DocuWare/resources/document/searchRequest';
import { SearchServer, type FakeDocument } from './searchServer';

/** Documents 1 to so many; COLOUR repeats, AMOUNT falls. */
export function serverWith(count: number): SearchServer {
	const documents = Array.from({ length: count }, (_, index): [number, FakeDocument] => {
		const id = index + 1;
		const values = { COLOUR: id % 2 === 0 ? 'red' : 'blue', SIZE: String(id % 3), AMOUNT: -id };
		return [id, { id, values }];
	});
	return new SearchServer(new Map(documents));
}

export const all: DocumentQuery = {
	fileCabinetId: 'fc',
	dialogId: '00000000-0000-0000-0000-000000000000',
	expression: { operation: 'And', groups: [] },
	terms: { sort: [] },
	limit: Infinity,
	knowsIds: async () => true,
};

export const is = (field: string, ...values: string[]) =>
	values.map((value) => ({ DBName: field, Value: [`"${value}"`] }));

export const ids = (from: number, to: number) => [
	{ DBName: 'DWDOCID', Value: [String(from), String(to)] },
];

export const redOrSmall: DocumentQuery['expression'] = {
	operation: 'Or',
	groups: [is('COLOUR', 'red'), is('SIZE', '0')],
};

export async function read(
	server: SearchServer,
	query: Partial<DocumentQuery>,
	memory = new RunMemory(),
): Promise<number[]> {
	const call = { client: new PlatformClient(server), memory, signal: undefined };
	const ids: number[] = [];
	for await (const page of documentPages(call, { ...all, ...query })) {
		ids.push(...page.map(({ Id: id }) => Number(id)));
	}
	return ids;
}

export async function readKeys(
	server: SearchServer,
	query: Partial<DocumentQuery>,
): Promise<string[]> {
	const call = { client: new PlatformClient(server), signal: undefined };
	const keys: string[] = [];
	for await (const page of documentPages(call, { ...all, ...query })) {
		keys.push(...page.map(documentKeyOf));
	}
	return keys;
}

/** Documents 1 to so many, each in two file cabinets. */
export function twoCabinets(count: number): { server: SearchServer; keys: string[] } {
	const server = serverWith(count);
	const both = [...server.documents.values()].flatMap((one) => [one, { ...one, cabinet: 'other' }]);
	server.documents.clear();
	for (const [at, one] of both.entries()) server.documents.set(at, one);
	return { server, keys: both.map(({ id, cabinet = 'fc' }) => `${cabinet}/${id}`) };
}

export const range = (from: number, to: number) =>
	Array.from({ length: to - from + 1 }, (_, index) => from + index);
