import type { Locator } from 'playwright-core';
import type { Editor, TestedNode } from '../../test/editor/support/editor';
import type { CredentialReference, N8nClient } from '../../test/support/n8n';
import { mapperFields } from '../../test/support/n8n/nodeMethods';

type CredentialOfScenes =
	'exactOnline' | 'docuWare' | 'newExactOnline' | 'secondExactOnline' | 'wrongDocuWare';

/** What a scene is played with. */
export interface Stage {
	editor: Editor;
	client: N8nClient;
	credentials: Record<CredentialOfScenes, CredentialReference>;
}

/** What a picture is cut to, and where it ends before that. */
export interface Cut {
	shown: Locator[];
	/** The last thing that is shown whole; what lies lower is cut off. */
	end: Locator;
	/** Left below it, in CSS pixels. */
	below: number;
}

/** One picture of the guides. */
export interface Scene {
	/** Of the file in docs/pictures, before `.light.png` and `.dark.png`. */
	name: string;
	/** @returns what the picture is cut to: all of these */
	play(stage: Stage): Promise<Locator[] | Cut>;
}

/** Name of the package, of which node types begin with. */
export const PACKAGE = 'n8n-nodes-exactonline-docuware';

/** What the field of a resource locator holds. */
export function located(mode: string, value: string, cachedResultName = value) {
	return { __rl: true, mode, value, ...(mode === 'list' ? { cachedResultName } : {}) };
}

/** The form from its top to a field. */
export function formTo(editor: Editor, last: string): Locator[] {
	return [editor.tabs, editor.item(last)];
}

/** The node with those fields of its form that have a value, and no others. */
export async function withForm(
	{ client }: Stage,
	node: TestedNode,
	form: { name: string; methodName: string; value: Record<string, unknown> },
): Promise<TestedNode> {
	const { name, methodName, value } = form;
	const fields = await mapperFields(client, {
		...{ nodeType: node.type, path: `parameters.${name}`, methodName },
		...{ parameters: node.parameters ?? {}, credentials: node.credentials ?? {} },
	});
	const schema = fields.map((field) => ({ ...field, removed: !(field.id in value) }));
	const entered = { mappingMode: 'defineBelow', value, schema };
	return { ...node, parameters: { ...node.parameters, [name]: entered } };
}
