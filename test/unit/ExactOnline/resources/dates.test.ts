import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';
import { formsOf } from '../../../support/momentForms';
import { executeContext, locator } from '../../../support/n8nContext';
import { useExactNode } from './support/exactNode';

jest.mock('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource');

const ID = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
const { node, server } = useExactNode(() => ({ status: 201, body: { d: { ID } } }));

/** A time of each zone at which Greenwich has another day. */
const TIMES = {
	UTC: '2026-03-29T00:00:00',
	'Europe/Amsterdam': '2026-03-29T00:30:00',
	'Pacific/Auckland': '2026-04-05T02:30:00',
	'America/Los_Angeles': '2026-03-07T23:30:00',
};

const ways: Readonly<Record<string, IDataObject>> = {
	mapper: {
		values: {
			...{ mappingMode: 'defineBelow', schema: [], matchingColumns: [] },
			value: { Name: 'Acme', StartDate: '={{ $json.at }}' },
		},
	},
	JSON: { dataMode: 'json', json: '={{ { Name: "Acme", StartDate: $json.at } }}' },
};

describe.each(Object.entries(TIMES))('in a workflow of the zone %s', (timeZone, time) => {
	it.each(Object.keys(ways))(
		'the day that it shows is the day that is sent, by %s',
		async (way) => {
			const forms = formsOf(DateTime.fromISO(time, { zone: timeZone }));
			const before = server.requests.length;
			const { context } = executeContext({
				description: node.description,
				credentials: { exactOnlineOAuth2Api: { id: 'cred-1' } },
				parameters: {
					...{ resource: 'account', operation: 'create', division: locator('1') },
					...ways[way],
				},
				items: forms.map((at) => ({ json: { at } as IDataObject })),
				timeZone,
			});
			await node.execute.call(context);
			const sent = server.requests.slice(before).map(({ body }) => JSON.parse(body) as IDataObject);
			expect(sent.map(({ StartDate }) => StartDate)).toEqual(forms.map(() => time));
		},
	);
});
