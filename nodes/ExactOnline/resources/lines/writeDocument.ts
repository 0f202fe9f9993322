import { isConnectorError, passOn } from '../../../shared/errors';
import type { OutputRow } from '../../../shared/node/operation';
import { codesOf } from '../../catalogue/endpointCodes';
import type { Endpoint } from '../../catalogue/types';
import { groupDocument, type DocumentItem } from '../../lines/groupDocument';
import { groupHeader } from '../../lines/groupHeader';
import { inField } from '../../odata/invalidValue';
import { currentDivision, parseDivision } from '../common/divisionField';
import type { OperationCall } from '../operation';
import type { Place } from '../records/findRecord';
import { comingMatch } from '../records/comingMatches';
import { knowMatches, type ComingMatch } from '../records/knownMatches';
import { readMatch, type IfExists, type Match } from '../records/matchFields';
import { writeWanted } from '../records/newRecord';
import { withReferencesResolved } from '../records/references';
import type { DocumentParts, ItemPart } from './documentGroups';
import { lineEndpoint, resolvedLines } from './documentLines';
import type { DocumentTarget } from './documentTarget';
import { resolveCodes } from './resolveCodes';

/** Where documents and their lines are. */
interface DocumentPlace extends Place {
	line: Endpoint;
}

/** Makes the document of a group of items, or does what is wanted where it exists. */
export async function writeDocument(
	call: OperationCall,
	target: DocumentTarget,
	document: DocumentParts,
	ifExists: IfExists,
): Promise<OutputRow> {
	const { data } = target;
	const endpoint = target.endpointOf(call);
	const differing = call.context.getNodeParameter('differingHeaders', call.itemIndex, 'refuse');
	const rule = differing === 'takeFirst' ? 'takeFirst' : 'refuse';
	const division = await divisionOf(call, document, rule);
	const line = lineEndpoint(endpoint, data.lines);
	const place = { endpoint, data, division, line };
	await knowCodes(call, place, document.all);
	const items: DocumentItem[] = [];
	for (const part of document.parts) {
		items.push(await resolvedPart(call, place, part).catch(atItem(part, document)));
	}
	const options = document.parts[0]?.options ?? {};
	const shape = { header: endpoint, line, lines: data.lines, options, differing: rule } as const;
	const values = groupDocument(items, shape, document.words);
	const match = ifExists === 'create' ? undefined : readMatch(call, place, values, options);
	if (match !== undefined) {
		await knowMatches(call, place, match, comingDocuments(call, place, match, document), options);
	}
	return await writeWanted(call, { place, values, options, ifExists, match });
}

/** The division of all items of a document. */
async function divisionOf(
	call: OperationCall,
	{ parts, words }: DocumentParts,
	rule: 'refuse' | 'takeFirst',
): Promise<number> {
	const items = parts.map(({ item, division }) => ({
		itemIndex: item.itemIndex,
		values: { Division: String(division ?? '').trim() },
	}));
	return parseDivision(groupHeader(items, words, rule).Division) ?? (await currentDivision(call));
}

/**
 * Looks up the codes of all documents of the run together, before the first of them. What is refused there, one of
 * them may be the reason for: then each document looks up its own.
 */
async function knowCodes(
	call: OperationCall,
	{ endpoint, line, division }: DocumentPlace,
	parts: readonly ItemPart[],
): Promise<void> {
	const { client, memory } = call;
	const place = JSON.stringify([client.userKey, division, endpoint.path]);
	if (memory.codesAsked.has(place)) return;
	memory.codesAsked.add(place);
	const all = partsOfDivision(call, parts).flatMap(({ header, lines }) => [
		{ endpoint, values: header },
		...lines.map((values) => ({ endpoint: line, values })),
	]);
	await resolveCodes(call, division, all).catch((error: unknown) => {
		if (!isConnectorError(error) || error.httpStatus === undefined) passOn(error);
	});
}

/** The parts that name the same division as the first item of the document. */
function partsOfDivision({ itemIndex }: OperationCall, parts: readonly ItemPart[]): ItemPart[] {
	const mine = String(parts.find(({ item }) => item.itemIndex === itemIndex)?.division);
	return parts.filter(({ division }) => String(division) === mine);
}

/** What the documents look for whose items come after the first one of this document. */
async function* comingDocuments(
	call: OperationCall,
	place: Place,
	match: Match,
	{ all }: DocumentParts,
): AsyncGenerator<ComingMatch, void, undefined> {
	for (const { item, header: values, options } of partsOfDivision(call, all)) {
		const { itemIndex } = item;
		if (itemIndex <= call.itemIndex) continue;
		const read = () => ({ values, options });
		yield { itemIndex, match: await comingMatch(call, place, match, read) };
	}
}

async function resolvedPart(
	call: OperationCall,
	{ endpoint, line, data, division }: DocumentPlace,
	{ item, header, lines }: ItemPart,
): Promise<DocumentItem> {
	return {
		itemIndex: item.itemIndex,
		given: header,
		header: await withReferencesResolved(call, endpoint, division, header, codesOf(endpoint, data)),
		lines: await resolvedLines(call, line, division, lines),
	};
}

/** What cannot be found names the item that asks for it. */
function atItem({ item }: ItemPart, { words }: DocumentParts): (error: unknown) => never {
	return (error) => {
		// An answer of the service is not about one item.
		if (isConnectorError(error) && error.httpStatus !== undefined) passOn(error);
		return inField(`Item ${item.itemIndex} ${words}`, () => passOn(error));
	};
}
