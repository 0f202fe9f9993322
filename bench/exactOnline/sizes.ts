import { createRequire } from 'node:module';
import type { INodeTypeDescription } from 'n8n-workflow';
import { getWritableFields } from '../../nodes/ExactOnline/methods/resourceMapping';
import { printTable } from '../../test/support/chain/printTable';
import { loadContext } from '../../test/support/n8nContext';

/** Most bytes of a node's description, which n8n sends to every editor that opens. */
const DESCRIPTION_GOAL = 250_000;

/** Most bytes of a node in a workflow that changes ten fields of an account; n8n saves all fields with it. */
const SAVED_GOAL = 40_000;

/** Sizes that n8n carries about; a test of each holds them. */
export async function printSizes(): Promise<void> {
	const exact = descriptionOf('ExactOnline');
	const rows = [
		['description of the Exact Online node', sizeOf(exact), DESCRIPTION_GOAL],
		['description of the DocuWare node', sizeOf(descriptionOf('DocuWare')), DESCRIPTION_GOAL],
		['a saved update of ten account fields', sizeOf(await savedUpdate(exact)), SAVED_GOAL],
	] as const;
	printTable(
		'Sizes',
		rows.map(([what, bytes, goal]) => ({ what, bytes, 'at most': goal })),
	);
}

type NodeFile = Record<string, new () => { description: INodeTypeDescription }>;

/** Beside the file of a node stands one of the same name for n8n's search, which Node.js would find first. */
function descriptionOf(name: 'ExactOnline' | 'DocuWare'): INodeTypeDescription {
	const file = `../../nodes/${name}/${name}.node.ts`;
	const Node = (createRequire(__filename)(file) as NodeFile)[name];
	if (Node === undefined) throw new Error(`${file} holds no node.`);
	return new Node().description;
}

/** As the editor stores what its mapper was offered. */
async function savedUpdate(description: INodeTypeDescription) {
	const parameters = { resource: 'account', operation: 'update' };
	const { fields } = await getWritableFields.call(loadContext({ description, parameters }));
	const schema = fields.map((field) => ({
		...field,
		readOnly: false,
		removed: field.removed ?? false,
	}));
	const value = Object.fromEntries(schema.slice(0, 10).map(({ id }) => [id, '={{ $json.x }}']));
	return { value, schema };
}

/** With the blanks that a workflow is exported with. */
function sizeOf(content: object): number {
	const isDescription = 'properties' in content;
	return Buffer.byteLength(JSON.stringify(content, null, isDescription ? 0 : 2));
}
