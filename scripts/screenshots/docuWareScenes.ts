import type { TestedNode } from '../../test/editor/support/editor';
import type { CredentialReference } from '../../test/support/n8n';
import { formTo, located, PACKAGE, withForm, type Scene } from './stage';

const INVOICES = located('list', 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10', 'Invoices');
const FORM = { name: 'indexFields', methodName: 'getIndexFields' };

const node = (parameters: object, credential: CredentialReference): TestedNode => ({
	type: `${PACKAGE}.docuWare`,
	parameters: {
		...{ authentication: 'userPassword', resource: 'document', fileCabinetId: INVOICES },
		...parameters,
	},
	credentials: { docuWareApi: credential },
});

/** DocuWare in the guides. */
export const docuWareScenes: Scene[] = [
	{
		name: 'docuware-credential',
		async play({ editor, credentials: { docuWare } }) {
			const form = await editor.openCredential(docuWare.id);
			await form.getByText('Connection tested successfully').first().waitFor();
			return [form];
		},
	},
	{
		name: 'docuware-upload',
		async play(stage) {
			const { editor, credentials } = stage;
			const parameters = { operation: 'upload', ifExists: 'skip', matchFields: ['INVOICENO'] };
			const value = {
				...{ COMPANY: 'Peters Engineering', AMOUNT: 240.5, INVOICEDATE: '2026-04-02T00:00:00' },
				...{ STATUS: 'To approve', INVOICENO: 1001 },
			};
			const upload = node(parameters, credentials.docuWare);
			await editor.openNode(await withForm(stage, upload, { ...FORM, value }));
			return formTo(editor, 'matchFields');
		},
	},
	{
		name: 'docuware-search',
		async play({ editor, credentials: { docuWare } }) {
			const condition = [
				{ field: 'COMPANY', operator: 'contains', value: located('text', 'Peters') },
				{
					...{ field: 'INVOICEDATE', operator: 'between' },
					...{ value: located('text', '2026-04-01'), valueTo: located('text', '2026-04-30') },
				},
			];
			await editor.openNode(node({ operation: 'search', conditions: { condition } }, docuWare));
			return formTo(editor, 'combine');
		},
	},
	{
		name: 'docuware-trigger',
		async play({ editor, credentials: { docuWare } }) {
			const condition = [{ field: 'STATUS', operator: 'is', value: located('text', 'Approved') }];
			const trigger = {
				type: `${PACKAGE}.docuWareTrigger`,
				parameters: {
					...{ events: ['stored', 'changed'], place: 'cabinet', fileCabinetId: INVOICES },
					...{ onlySome: true, conditions: { condition } },
					pollTimes: { item: [{ mode: 'everyX', value: 5, unit: 'minutes' }] },
				},
				credentials: { docuWareApi: docuWare },
			};
			await editor.openNode(trigger, []);
			return formTo(editor, 'output');
		},
	},
	{
		name: 'docuware-webhook',
		async play({ editor }) {
			const trigger = { type: `${PACKAGE}.docuWareWebhookTrigger`, webhookId: 'docuware' };
			await editor.openNode(trigger, []);
			return formTo(editor, 'fetchDocument');
		},
	},
	{
		name: 'error-value',
		async play({ editor, credentials: { docuWare } }) {
			const condition = [{ field: 'AMOUNT', operator: 'is', value: located('text', 'much') }];
			await editor.openNode(node({ operation: 'search', conditions: { condition } }, docuWare));
			await editor.execute();
			return [editor.tabs, editor.item('conditions'), await editor.error()];
		},
	},
	{
		name: 'error-list',
		async play({ editor, credentials: { wrongDocuWare } }) {
			const cabinet = { fileCabinetId: located('list', '') };
			await editor.openNode(node({ operation: 'search', ...cabinet }, wrongDocuWare));
			return [...formTo(editor, 'operation'), await editor.listError('fileCabinetId')];
		},
	},
];
