import type { IDataObject } from 'n8n-workflow';
import { DocuWareWebhookTrigger } from '../../../../nodes/DocuWare/DocuWareWebhookTrigger.node';
import { sendWebhook } from '../../../support/docuWareCalls';
import { hookContext, locator, type NodeSettings } from '../../../support/n8nContext';
import { cabinet, requestsOf, usePolls } from './support/pollFixture';
import { startReceiver } from './support/receiver';

/** Fields of the triggers that an expression leaves empty: never a default. */

const { start } = usePolls();

const EMPTY = '={{ null }}';
const condition = { field: 'STATUS', operator: 'is', value: locator('Approved', 'text') };
const some = { onlySome: true, conditions: { condition: [condition] } };

describe('a poll', () => {
	// Red before: each of these began, and started the workflow for something else, or for all.
	it.each<[label: string, parameters: IDataObject]>([
		['File Cabinet', { fileCabinetId: locator(EMPTY, 'id') }],
		['Search Dialog', { ...some, dialogId: locator(EMPTY, 'id') }],
		[
			'Conditions > Condition 1 > Value',
			{
				onlySome: true,
				conditions: { condition: [{ ...condition, value: locator(EMPTY, 'text') }] },
			},
		],
		['Conditions (JSON)', { onlySome: true, conditionsAs: 'json', conditionsJson: '={{ "" }}' }],
		['Conditions Must Match', { ...some, combine: EMPTY }],
		['Output', { output: EMPTY }],
		['Fields to Return', { output: 'selected', fieldsToReturn: '={{ [] }}' }],
		['Options > Most Items per Poll', { options: { mostItems: EMPTY } }],
		['Options > Include Checked-Out', { options: { includeCheckedOut: '={{ undefined }}' } }],
	])(
		'of which an expression leaves %s empty is refused, and nothing is sent',
		async (label, set) => {
			const { publish, simulator } = await start();
			const before = requestsOf(simulator);
			for (const mode of ['trigger', 'manual']) {
				const refused = publish(set, { mode }).poll();
				await expect(refused).rejects.toThrow(`The expression of ${label} gives `);
				await expect(refused).rejects.toThrow('[DOCUWARE_EMPTY_VALUE]');
			}
			expect(requestsOf(simulator)).toBe(before);
		},
	);

	// Red before: every document started the workflow.
	it.each(['={{ {} }}', '={{ [] }}', '={{ "[]" }}', '={{ { Condition: [] } }}'])(
		'to whose conditions %s gives none is refused, and typed ones mean all',
		async (conditionsJson) => {
			const { publish, store } = await start();
			const json = { onlySome: true, conditionsAs: 'json' };
			const refused = publish({ ...json, conditionsJson }).poll();
			await expect(refused).rejects.toThrow('Conditions (JSON) gives no condition');
			const off = { ...json, conditionsJson, onlySome: false };
			await publish(off, { nodeId: 'off' }).poll();
			const all = publish({ ...json, conditionsJson: '[]' }, { nodeId: 'all' });
			await all.poll();
			store(1, Date.UTC(2026, 10, 26, 12));
			expect(await all.ids()).toHaveLength(1);
		},
	);

	it('to which an expression gives no date is refused, by the name of the field', async () => {
		const { publish } = await start();
		await expect(publish({ start: 'date', startDate: EMPTY }).poll()).rejects.toThrow(
			'Date is empty',
		);
	});
});

describe('Webhook Trigger', () => {
	const SECRETS = {
		docuWareWebhookSecretApi: {
			id: 'secrets-1',
			data: { passphrase: 'present', previousPassphrase: '', validationSecret: 'x'.repeat(16) },
		},
	};
	const fetching = { fetchDocument: true, authentication: 'userPassword', ...cabinet };
	const { description, webhookMethods } = new DocuWareWebhookTrigger();
	const publish = async (parameters: IDataObject, settings: NodeSettings = {}) => {
		const all = { description, credentials: SECRETS, parameters, ...settings };
		return await webhookMethods.default.checkExists.call(hookContext(all, 'https://n8n.example'));
	};

	// Red before: the workflow was published, and started without the document.
	it.each<[label: string, parameters: IDataObject]>([
		['Fetch Document', { fetchDocument: EMPTY }],
		['File Cabinet', { ...fetching, fileCabinetId: locator(EMPTY, 'id') }],
		['Output', { ...fetching, output: EMPTY }],
		['Fields to Return', { ...fetching, output: 'selected', fieldsToReturn: '={{ [] }}' }],
		['Answer Within (Seconds)', { event: 'validation', answerLimit: EMPTY }],
	])('is not published where an expression leaves %s empty', async (label, set) => {
		const told = `The expression of ${label} gives `;
		for (const activation of ['activate', 'manual'] as const) {
			await expect(publish(set, { activation })).rejects.toThrow(told);
		}
		const log: unknown[][] = [];
		await expect(publish(set, { activation: 'init', log })).resolves.toBe(true);
		expect(log).toEqual([[expect.stringContaining(told), expect.anything()]]);
	});

	// Red before: without the document, and nothing said so.
	it.each<[label: string, parameters: IDataObject]>([
		['Fetch Document', { ...fetching, fetchDocument: EMPTY }],
		['File Cabinet', { ...fetching, fileCabinetId: locator(EMPTY, 'id') }],
		['Output', { ...fetching, output: EMPTY }],
		['Fields to Return', { ...fetching, output: 'selected', fieldsToReturn: '={{ [] }}' }],
	])(
		'takes what comes while an expression leaves %s empty, and its item says so',
		async (label, set) => {
			const { credential } = await start();
			const credentials = { ...SECRETS, ...credential() };
			const receiver = await startReceiver({ parameters: set, credentials });
			try {
				const body = JSON.stringify({ DWDOCID: 80 });
				const sent = await sendWebhook(receiver.url, { body, signed: body, passphrase: 'present' });
				expect(sent.status).toBe(202);
				const message = expect.stringContaining(`The expression of ${label} gives `) as string;
				const error = expect.objectContaining({ message, code: 'DOCUWARE_EMPTY_VALUE' }) as object;
				expect(await receiver.started(1)).toEqual([
					[{ documentId: 80, webhook: { DWDOCID: 80 }, error }],
				]);
			} finally {
				await receiver.close();
			}
		},
	);
});
