import { FIRST_CLASS } from '../../../../../nodes/ExactOnline/catalogue/firstClass';
import { matchFields } from '../../../../../nodes/ExactOnline/resources/records/matchFields';

/** *Match By* of a resource, as its field stands in the form. */
function matchBy(resource: string, always: boolean): { preset: unknown; offered: string[] } {
	const data = FIRST_CLASS.find(({ value }) => value === resource);
	if (data === undefined) throw new Error(`There is no ${resource}.`);
	const [field] = matchFields(data, always);
	const options = field?.options ?? [];
	return {
		preset: field?.default,
		offered: options.flatMap((option) => ('value' in option ? [String(option.value)] : [])),
	};
}

describe('a new record is looked for', () => {
	it.each([
		...['bankEntry', 'cashEntry', 'document', 'generalJournalEntry', 'goodsDelivery'],
		'subscription',
	])('by a filter alone where nothing tells a %s again before it is made', (resource) => {
		expect(matchBy(resource, false)).toEqual({ preset: 'filter', offered: ['filter'] });
	});

	it('by its reference with the account first, where it has one', () => {
		expect(matchBy('salesInvoice', false)).toEqual({
			preset: 'document',
			offered: ['document', 'OrderNumber', 'filter'],
		});
	});

	it('by its code first, where it is master data', () => {
		expect(matchBy('item', false)).toMatchObject({ preset: 'Code' });
	});
});

it('a record that may be there is looked for by the number that it has', () => {
	expect(matchBy('subscription', true)).toMatchObject({ preset: 'Number' });
	expect(matchBy('document', true)).toMatchObject({ preset: 'HID' });
});
