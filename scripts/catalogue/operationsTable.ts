import { readEndpoint } from '../../nodes/ExactOnline/catalogue/catalogue';
import {
	KNOWN_FUNCTIONS,
	UNNAMED_PARAMETERS,
} from '../../nodes/ExactOnline/catalogue/functionParameters';
import { DENIED } from '../../nodes/ExactOnline/catalogue/denied';
import { FIRST_CLASS } from '../../nodes/ExactOnline/catalogue/firstClass';
import {
	changesOf,
	OPERATIONS,
	operationsOf,
	type Changes,
} from '../../nodes/ExactOnline/catalogue/firstClass/operations';
import type { ResourceData } from '../../nodes/ExactOnline/catalogue/firstClass/resourceData';

const CHANGES: Record<Changes, string> = { sync: 'sync', modified: '`Modified`', none: '' };

function changesText(resource: ResourceData): string {
	const unseen = resource.sync !== undefined && resource.sync.deletedType === undefined;
	return CHANGES[changesOf(resource, readEndpoint)] + (unseen ? ', no deletions' : '');
}

/** `docs/exact-online-operations.md`, made from the catalogue and the data of the resources. */
export function operationsDocument(resources: readonly ResourceData[] = FIRST_CLASS): string {
	const names = OPERATIONS.map((name) => (name === 'Upsert' ? 'Create or Update' : name));
	const head = ['Resource', 'Endpoint', ...names, 'Actions', 'Files', 'Bulk', 'Changes'];
	const rows = resources.map(rowOf);
	const denied = Object.entries(DENIED).flatMap(([path, methods]) =>
		Object.entries(methods).map(([method, reason]) => `- ${method} of \`${path}\`: ${reason}`),
	);
	return [
		'# Operations of Exact Online',
		'',
		'What the node does with the resources that have a name of their own: what their endpoints at Exact Online allow.',
		'Made by `npm run catalogue` from `nodes/ExactOnline/catalogue/`; tests compare it with the catalogue and with the',
		'operations of the node. Every other endpoint is reached by _Other Endpoint_.',
		'',
		'_Changes_ says how changed rows are found: by a sync endpoint, with deletions as far as known, or by the field',
		'`Modified`, which tells none ([guide](exact-online-changes.md)).',
		'',
		line(head),
		line(head.map(() => '---')),
		...rows.map(line),
		'',
		'Not offered although the endpoint allows it:',
		'',
		...denied,
		'',
		'Functions (`read/…`) are called by _Other Endpoint: Call Function_. The form offers the parameters of those that a public',
		`source names (${KNOWN_FUNCTIONS.length} functions); those of others are given by name. Of these nobody names them, and they want some:`,
		'',
		...Object.entries(UNNAMED_PARAMETERS).map(([path, note]) => `- \`${path}\`: ${note}`),
		'',
	].join('\n');
}

/** The operations with files, by the names that the node gives them. */
function filesText({ files }: ResourceData): string {
	if (files === undefined) return '';
	if (files === 'document') return 'Upload';
	return files === 'attachment' ? 'Upload, Download' : 'Download PDF';
}

function rowOf(resource: ResourceData): string[] {
	const can = operationsOf(resource, readEndpoint);
	return [
		resource.name,
		`\`${resource.endpoint}\``,
		...OPERATIONS.map((name) => (can.includes(name) ? 'yes' : '')),
		(resource.actions ?? []).map(({ name }) => name).join(', '),
		filesText(resource),
		resource.bulk === undefined ? '' : 'yes',
		changesText(resource),
	];
}

function line(cells: readonly string[]): string {
	return `| ${cells.join(' | ')} |`;
}
