import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';
import { formsOf } from '../../../../support/momentForms';
import { CABINET, DOCUMENT, found, locator, ofDocument, runDocument } from './support/runDocument';

/** A time of each zone at which Greenwich has another day. */
const TIMES = {
	UTC: '2026-03-29T00:00:00',
	'Europe/Amsterdam': '2026-03-29T00:30:00',
	'Pacific/Auckland': '2026-04-05T01:30:00',
	'America/Los_Angeles': '2026-03-07T23:30:00',
};

const field = (DBFieldName: string, DWFieldType: string) => ({
	...{ DBFieldName, DisplayName: DBFieldName, DWFieldType, Scope: 'User' },
});

const CABINET_READ = {
	body: {
		...{ Id: CABINET, Name: 'Invoices', Links: [] },
		Fields: [field('DAY', 'Date'), field('TIME', 'DateTime')],
	},
};

const updates: Readonly<Record<string, IDataObject>> = {
	mapper: {
		dataMode: 'fields',
		indexFields: {
			...{ mappingMode: 'defineBelow', schema: [], matchingColumns: [] },
			value: { DAY: '={{ $json.at }}', TIME: '={{ $json.at }}' },
		},
	},
	JSON: { dataMode: 'json', json: '={{ { DAY: $json.at, TIME: $json.at } }}' },
	rows: {
		dataMode: 'rows',
		indexFieldRows: {
			row: ['DAY', 'TIME'].map((name) => ({
				field: name,
				value: locator('={{ $json.at }}', 'text'),
			})),
		},
	},
};

const searches: Readonly<Record<string, IDataObject>> = {
	rows: {
		conditions: {
			condition: [
				{ field: 'DAY', operator: 'is', value: locator('={{ $json.at }}', 'text') },
				{ field: 'TIME', operator: 'from', value: locator('={{ $json.at }}', 'text') },
			],
		},
	},
	JSON: {
		conditionsAs: 'json',
		conditionsJson:
			'={{ [{ field: "DAY", operator: "is", value: $json.at }, { field: "TIME", operator: "from", value: $json.at }] }}',
	},
};

describe.each(Object.entries(TIMES))('in a workflow of the zone %s', (timeZone, time) => {
	const at = DateTime.fromISO(time, { zone: timeZone });
	const day = time.slice(0, 10);

	it.each(Object.keys(updates))('the day and the moment are stored, by %s', async (way) => {
		for (const form of formsOf(at)) {
			const { last } = await runDocument(
				'updateIndexFields',
				[CABINET_READ, DOCUMENT, { body: { Field: [] } }],
				{ ...ofDocument, ...updates[way] },
				{ timeZone, items: [{ json: { at: form } as IDataObject }] },
			);
			expect(last?.body).toMatchObject({
				Field: [
					{ FieldName: 'DAY', Item: day },
					{ FieldName: 'TIME', Item: `/Date(${at.toMillis()})/` },
				],
			});
		}
	});

	it.each(Object.keys(searches))('the day and the moment are searched for, by %s', async (way) => {
		for (const form of formsOf(at)) {
			const { last } = await runDocument(
				'search',
				[CABINET_READ, found()],
				{ fileCabinetId: locator(CABINET), ...searches[way] },
				{ timeZone, items: [{ json: { at: form } as IDataObject }] },
			);
			const moment = `${at.toUTC().toISO({ includeOffset: false, suppressMilliseconds: true })}Z`;
			expect(last?.body).toMatchObject({
				Condition: [
					{ DBName: 'DAY', Value: [day] },
					{ DBName: 'TIME', Value: [moment, null] },
				],
			});
		}
	});
});
