import { dialog, three, useSearches } from './searchBench';

const start = useSearches();

describe('who may', () => {
	const denied = { UserName: 'peggy.jenkins', Password: 'correct horse' };
	const reader = { UserName: 'reader', Password: 'look, do not touch' };

	it('not use a dialog gets 403 and does not see it', async () => {
		const bench = await start(three, {}, denied);
		expect((await bench.refusal({}, `?DialogId=${dialog(8)}`))[0]).toBe(403);
		expect((await bench.call('GET', `Dialogs/${dialog(8)}`)).status).toBe(403);
		const { Dialog } = (await bench.call('GET', 'Dialogs')).json() as {
			Dialog: Array<{ Id: string }>;
		};
		expect(Dialog.map(({ Id }) => Id)).not.toContain(dialog(8));
	});

	it('read alone may search and get, not store, change or delete', async () => {
		const bench = await start(three, {}, reader);
		expect(await bench.ids({})).toEqual([1, 2, 3]);
		expect((await bench.call('GET', 'Documents/1')).status).toBe(200);
		expect((await bench.call('POST', 'Documents', { Fields: [] })).status).toBe(403);
		expect((await bench.call('PUT', 'Documents/1/Fields', { Field: [] })).status).toBe(403);
		expect((await bench.call('DELETE', 'Documents/1')).status).toBe(403);
	});
});
