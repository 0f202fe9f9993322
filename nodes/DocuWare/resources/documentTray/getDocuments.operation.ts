import { readLimit, takeRows, toolListFields } from '../../../shared/node/listFields';
import { mappedPages } from '../../../shared/node/mappedPages';
import { cabinetLink } from '../../api/documentLinks';
import { shownPath } from '../../platform/serverAddress';
import { fileCabinetField, readFileCabinetId } from '../common/cabinetField';
import {
	documentOutputFields,
	documentRow,
	indexFieldsWanted,
	readDocumentOutput,
} from '../common/documentOutput';
import { sessionFields } from '../common/sessionFields';
import { positionPages, type PlacedList } from '../document/positionPages';
import { resultPage, withFields, withLinks } from '../document/searchRequest';
import type { DocuWareOperation, OperationCall } from '../operation';

/** `GET FileCabinets/{trayId}/Documents`: trays mostly have no search dialog (docs/facts/docuware.md 6.1). */
export const getTrayDocuments: DocuWareOperation = {
	name: 'Get Documents',
	value: 'getDocuments',
	action: 'Get documents of document tray',
	description: 'Get the documents that lie in a document tray',
	fields: [...sessionFields, fileCabinetField('trays'), ...toolListFields, ...documentOutputFields],
	async execute(call) {
		const limit = readLimit(call.context, call.itemIndex);
		const trayId = await readFileCabinetId(call, 'trays');
		const output = await readDocumentOutput(call, trayId);
		const { resource } = await call.facts.cabinet(trayId);
		const path = cabinetLink(call.client, trayId, resource, 'documents');
		const fetch = trayPage(call, path, indexFieldsWanted(output));
		const pages = positionPages({ fetch, limit });
		return await takeRows(
			mappedPages(pages, (document) => documentRow(output, document)),
			limit,
		);
	},
};

function trayPage(
	{ client, signal }: OperationCall,
	path: URL,
	fields: readonly string[] = [],
): PlacedList['fetch'] {
	return async ({ start, count, link }) => {
		const query: Array<[string, string]> = [
			['Start', String(start)],
			['Count', String(count)],
		];
		if (fields.length > 0) query.push(['Fields', fields.join(',')]);
		const page = await (link === undefined
			? client.read({ path, query, signal })
			: client.read({ path: withFields(link, fields), signal }));
		const asked = { method: 'GET', path: shownPath(client.session, path) };
		return withLinks(client, page, resultPage(page, asked));
	};
}
