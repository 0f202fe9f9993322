import type { TestedNode } from '../../test/editor/support/editor';
import type { CredentialReference } from '../../test/support/n8n';
import { formTo, located, PACKAGE, withForm, type Scene, type Stage } from './stage';

const FORM = { name: 'values', methodName: 'getWritableFields' };

const node = (parameters: object, credential: CredentialReference): TestedNode => ({
	type: `${PACKAGE}.exactOnline`,
	parameters: { division: located('list', 'current', 'Current Division'), ...parameters },
	credentials: { exactOnlineOAuth2Api: credential },
});

/** A purchase entry with one line, as a bookkeeper enters it in the form. */
function purchaseEntry(stage: Stage): Promise<TestedNode> {
	const line = {
		...{ GLAccount: located('code', '4300'), AmountFC: '240.5' },
		VATCode: located('code', '2'),
	};
	const parameters = {
		...{ resource: 'purchaseEntry', operation: 'create', ifExists: 'skip' },
		...{ supplier: located('code', '20001'), journal: located('code', '60') },
		lineRows: { line: [line] },
	};
	const value = { EntryDate: '2026-04-02T00:00:00', YourRef: '2026-118' };
	const entry = node(parameters, stage.credentials.exactOnline);
	return withForm(stage, entry, { ...FORM, value });
}

/** Exact Online in the guides. */
export const exactOnlineScenes: Scene[] = [
	{
		name: 'exact-online-credential',
		async play({ editor, credentials: { newExactOnline } }) {
			const form = await editor.openCredential(newExactOnline.id);
			return { shown: [form], end: editor.field('clientSecret'), below: 24 };
		},
	},
	{
		name: 'exact-online-resources',
		async play({ editor, credentials: { exactOnline } }) {
			await editor.openNode(node({ resource: 'salesInvoice', operation: 'create' }, exactOnline));
			await editor.choicesOf('resource');
			const { tabs, dropDown } = editor;
			return { shown: [tabs, editor.item('resource'), dropDown], end: dropDown, below: 0 };
		},
	},
	{
		name: 'exact-online-filter',
		async play({ editor, credentials: { exactOnline } }) {
			const conditions = [
				{ field: 'Status', operator: 'eq', value: 'Customer' },
				{ field: 'Modified', operator: 'ge', value: '2026-04-01' },
			];
			await editor.openNode(
				node({ resource: 'account', operation: 'getAll', filters: { conditions } }, exactOnline),
			);
			return formTo(editor, 'output');
		},
	},
	{
		name: 'exact-online-invoice',
		async play(stage) {
			const { editor } = stage;
			await editor.openNode(await purchaseEntry(stage));
			return [editor.item('supplier'), editor.item('lineRows')];
		},
	},
	{
		name: 'exact-online-lines-from-items',
		async play(stage) {
			const { editor, credentials } = stage;
			const line = {
				Item: located('code', '={{ $json.Item }}'),
				...{ Quantity: '={{ $json.Quantity }}', NetPrice: '={{ $json.Price }}' },
			};
			const parameters = {
				...{ resource: 'salesInvoice', operation: 'create', ifExists: 'skip' },
				...{ orderedBy: located('code', '={{ $json.Customer }}'), journal: located('code', '70') },
				...{ linesFrom: 'items', documentPer: '={{ $json.Invoice }}', lineRows: { line: [line] } },
			};
			const value = { YourRef: '={{ $json.Invoice }}' };
			const invoice = node(parameters, credentials.exactOnline);
			await editor.openNode(await withForm(stage, invoice, { ...FORM, value }));
			return [editor.item('linesFrom'), editor.item('lineRows')];
		},
	},
	{
		name: 'exact-online-call-limits',
		async play({ editor, credentials: { exactOnline } }) {
			const callLimits = { addToOutput: true, longestWait: 60, parallelRequests: 1 };
			await editor.openNode(
				node({ resource: 'account', operation: 'getAll', callLimits }, exactOnline),
			);
			return [editor.panel.getByText('Call Limits').first(), editor.item('parallelRequests')];
		},
	},
	{
		name: 'error-duplicate-connection',
		async play({ editor, credentials: { secondExactOnline } }) {
			await editor.openNode(node({ resource: 'me', operation: 'get' }, secondExactOnline));
			await editor.execute();
			return [editor.tabs, editor.item('operation'), await editor.error()];
		},
	},
	{
		name: 'error-unknown-code',
		async play(stage) {
			const { editor } = stage;
			await editor.openNode(await purchaseEntry(stage));
			await editor.execute();
			return [editor.tabs, editor.item('supplier'), await editor.error()];
		},
	},
];
