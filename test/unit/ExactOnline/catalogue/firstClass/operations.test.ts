import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bulkTwinOf } from '../../../../../nodes/ExactOnline/catalogue/bulkTwins';
import {
	endpointSummaries,
	readEndpoint,
} from '../../../../../nodes/ExactOnline/catalogue/catalogue';
import { DENIED } from '../../../../../nodes/ExactOnline/catalogue/denied';
import { decodeEndpoint } from '../../../../../nodes/ExactOnline/catalogue/format';
import { FIRST_CLASS } from '../../../../../nodes/ExactOnline/catalogue/firstClass';
import {
	changesOf,
	operationsOf,
} from '../../../../../nodes/ExactOnline/catalogue/firstClass/operations';
import { resources } from '../../../../../nodes/ExactOnline/resources';
import { operationsDocument } from '../../../../../scripts/catalogue/operationsTable';

const byName = new Map(FIRST_CLASS.map((resource) => [resource.name, resource]));

function operations(name: string): string[] {
	return operationsOf(byName.get(name)!, readEndpoint);
}

describe('operations', () => {
	const ALL = ['Create', 'Get', 'Get Many', 'Update', 'Upsert', 'Delete'];
	const LINES = ['Add Line', 'Change Line', 'Delete Line'];

	it.each<[string, string[]]>([
		['Account', ALL],
		['Sales Invoice', [...ALL, ...LINES]],
		['General Journal Entry', ['Create', 'Get', 'Get Many', 'Delete', 'Add Line']],
		['Bank Entry', ['Create', 'Get', 'Get Many', 'Delete', 'Add Line']],
		['Cash Entry', ['Create', 'Get', 'Get Many', 'Delete', 'Add Line']],
		['Payment Condition', ['Create', 'Get', 'Get Many']],
		['Document Attachment', ['Create', 'Get', 'Get Many', 'Delete']],
		[
			'Goods Delivery',
			['Create', 'Get', 'Get Many', 'Update', 'Upsert', 'Add Line', 'Change Line'],
		],
		['Receivable', ['Get', 'Get Many', 'Update']],
		['Payable', ['Get', 'Get Many', 'Update']],
		['Transaction Line', ['Get', 'Get Many']],
		['Stock Position', ['Get Many']],
		['Reporting Balance', ['Get', 'Get Many']],
		['Employee', ['Get', 'Get Many']],
		['Division', ['Get', 'Get Many']],
		['Open Payable', ['Get Many']],
	])('of %s', (name, names) => {
		expect(operations(name)).toEqual(names);
	});

	it('that are denied are offered nowhere, and would else be there, each with a reason', () => {
		const file = join(__dirname, '../../../../../nodes/ExactOnline/catalogue/data/endpoints.json');
		const rows = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
		for (const [path, methods] of Object.entries(DENIED)) {
			for (const [method, reason] of Object.entries(methods)) {
				expect(decodeEndpoint(path, rows[path])?.methods).toContain(method);
				expect(readEndpoint(path).methods).not.toContain(method);
				expect(endpointSummaries().get(path)?.methods).not.toContain(method);
				expect(reason.length).toBeGreaterThan(20);
			}
		}
	});

	it('are those of the document (else: npm run catalogue)', () => {
		const file = join(__dirname, '../../../../../docs/exact-online-operations.md');
		expect(readFileSync(file, 'utf8')).toBe(operationsDocument());
	});

	it('of the document are those of the node, by the names that it gives them', () => {
		const [head = [], , ...rows] = operationsDocument()
			.split('\n')
			.filter((line) => line.startsWith('| '))
			.map((line) => line.split('|').slice(1, -1));
		const named = (cells: string[]) => cells.map((cell) => cell.trim());
		const columns = named(head);
		expect(rows).toHaveLength(FIRST_CLASS.length);
		for (const [name, , ...cells] of rows.map(named)) {
			const told = cells.flatMap((cell, at) => {
				const column = columns[at + 2] ?? '';
				if (['Bulk', 'Changes'].includes(column) || cell === '') return [];
				return cell === 'yes' ? [column] : cell.split(', ');
			});
			const resource = resources.find((one) => one.name === name);
			const offered = resource?.operations.map((operation) => operation.name);
			expect([name, told.sort()]).toEqual([name, offered?.sort()]);
		}
	});
});

describe('changes', () => {
	it('come by Modified where there is no twin', () => {
		const modified = FIRST_CLASS.filter((one) => changesOf(one, readEndpoint) === 'modified');
		expect(modified.map(({ name }) => name)).toEqual([
			...['Bank Account', 'Bank Entry', 'Cash Entry', 'Cost Center', 'Cost Unit', 'Division'],
			...['General Journal Entry', 'Item Group', 'Journal', 'Mailbox Message', 'Opportunity'],
			...['Payment Condition', 'Purchase Entry', 'Purchase Invoice', 'Sales Entry', 'VAT Code'],
			'Warehouse',
		]);
		const none = FIRST_CLASS.filter((one) => changesOf(one, readEndpoint) === 'none');
		expect(none.map(({ name }) => name)).toEqual([
			...['Open Payable', 'Open Receivable', 'Reporting Balance', 'Stock Position', 'Unit'],
		]);
		for (const { noChanges } of none) expect(noChanges).toMatch(/\.$/);
	});

	it('of each kind of deletion belong to one endpoint', () => {
		const types = FIRST_CLASS.flatMap(({ sync }) =>
			sync === undefined ? [] : [sync, ...(sync.lines ? [sync.lines] : [])],
		).filter(({ deletedType }) => deletedType !== undefined);
		const pairs = new Set(types.map(({ path, deletedType }) => `${deletedType} ${path}`));
		expect(new Set(types.map(({ deletedType }) => deletedType)).size).toBe(pairs.size);
	});

	it('and bulk twins are used as far as they are of these resources', () => {
		const paths = [...endpointSummaries().keys()];
		const used = new Set(paths.map(bulkTwinOf));
		const unused = paths.filter((path) => path.startsWith('bulk/') && !used.has(path));
		expect(unused).toEqual(['bulk/Financial/GLClassifications', 'bulk/Project/ProjectWBS']);
	});
});
