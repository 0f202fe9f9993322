import { readEndpoint } from '../../../../nodes/ExactOnline/catalogue/catalogue';
import {
	CHANGED_ENTITIES,
	rowEndpoint,
} from '../../../../nodes/ExactOnline/resources/changes/entities';
import { FIRST_DIVISION } from '../../../simulators/ExactOnline';
import { RECORD_CASES } from '../records/support/recordCases';
import { useTrigger } from './support/triggerBench';

/** What comes first after publishing with *Now*, of every entity. */

const bench = useTrigger();

/** Nobody adds a division by a request. */
const ENTITIES = CHANGED_ENTITIES.filter(({ value }) => value !== 'division');

/** Adds a record; its key. */
function add(entity: string): string {
	const { data } = CHANGED_ENTITIES.find(({ value }) => value === entity)!;
	const { seed = {} } = RECORD_CASES[entity] ?? {};
	// Of purchase orders the lines alone are listed.
	const values = entity === 'purchaseOrder' ? { ...seed, PurchaseOrderLines: [{}] } : seed;
	const [row] = bench.simulator.addRows(FIRST_DIVISION, data.endpoint, [values]);
	const [key = 'ID'] = readEndpoint(data.endpoint).keyNames;
	return String(row?.[key]);
}

const recordIds = async (entity: string) =>
	(await bench.poll(bench.context({ entity }))).rows.map(({ recordId }) => recordId);

// Red before: a document attachment, whose list does not say when they were changed, never came.
it.each(ENTITIES.map(({ name, value }) => [name, value]))(
	'%s: nothing of before, and then each once',
	async (_name, entity) => {
		const published = bench.context({ entity }, { activation: 'activate' });
		expect((await bench.poll(published)).isNull).toBe(true);
		for (let count = 0; count < 2; count += 1) {
			const made = add(entity);
			expect(await recordIds(entity)).toEqual([made]);
			expect(await recordIds(entity)).toEqual([]);
		}
	},
);

it('of one entity alone the list does not say when records were changed', () => {
	const undated = CHANGED_ENTITIES.filter((one) => !rowEndpoint(one).fields.has('Modified'));
	expect(undated.map(({ name }) => name)).toEqual(['Document Attachment']);
});

it('attachments of before the beginning stay out, and come from a date', async () => {
	add('documentAttachment');
	add('documentAttachment');
	expect(await recordIds('documentAttachment')).toEqual([]);
	const made = add('documentAttachment');
	expect(await recordIds('documentAttachment')).toEqual([made]);
	const dated = { entity: 'documentAttachment', start: 'date', startDate: '2001-01-01' };
	const all = bench.simulator.rows(FIRST_DIVISION, 'documents/DocumentAttachments');
	expect((await bench.poll(bench.context(dated))).rows).toHaveLength(all.length);
});

// Red before: the first one after publishing was left out for ever.
it('a record that says when it was made alone counts by that', async () => {
	const orders = () => bench.context({ entity: 'salesOrder' });
	expect((await bench.poll(orders())).isNull).toBe(true);
	const undated = [{ Description: 'New', Modified: null }];
	bench.simulator.addRows(FIRST_DIVISION, 'salesorder/SalesOrders', undated);
	expect((await bench.poll(orders())).rows).toEqual([
		expect.objectContaining({ Description: 'New', change: 'created' }),
	]);
	expect((await bench.poll(orders())).isNull).toBe(true);
});
