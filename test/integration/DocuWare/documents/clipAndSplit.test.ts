import { operation, useNode } from '../node/support/nodeFixture';
import { action, stored, TRAY } from './support/actions';
import { codeOf, INVOICES, locator } from './support/uploads';

const { start } = useNode();

describe('documents', () => {
	it('are clipped and unclipped in a cabinet, stapled and unstapled in a tray alone', async () => {
		const fixture = await start();
		const { run } = fixture;
		const put = async (name: string, cabinet: string) => {
			const numbers = [
				await stored(fixture, cabinet, '%PDF a', 'a.pdf', 'application/pdf'),
				await stored(fixture, cabinet, '%PDF b', 'b.pdf', 'application/pdf'),
			];
			const documentIds = numbers.join(', ');
			const { items } = await run(
				operation('document', name, {
					...{ fileCabinetId: locator(cabinet), documentIds, output: 'selected' },
				}),
			);
			return items[0]?.json ?? {};
		};
		const clipped = await put('clip', INVOICES);
		expect(clipped.sectionCount).toBe(2);
		const apart = await run(action('unclip', clipped.documentId));
		expect(apart.items).toHaveLength(2);
		const stapled = await put('staple', TRAY);
		expect(stapled.sectionCount).toBe(1);
		const pages = await run(action('unstaple', stapled.documentId, {}, TRAY));
		expect(pages.items).toHaveLength(2);
		for (const name of ['staple', 'unstaple']) {
			const parameters = { fileCabinetId: locator(INVOICES), documentIds: '1, 2', documentId: 1 };
			await expect(run(operation('document', name, parameters))).rejects.toMatchObject(
				codeOf('DOCUWARE_INVALID_PARAMETER'),
			);
		}
	});

	it('are split at pages', async () => {
		const fixture = await start();
		const { run } = fixture;
		const numbers = [
			await stored(fixture, TRAY, '%PDF a', 'a.pdf', 'application/pdf'),
			await stored(fixture, TRAY, '%PDF b', 'b.pdf', 'application/pdf'),
		];
		const { items } = await run(
			operation('document', 'staple', { fileCabinetId: locator(TRAY), documentIds: numbers }),
		);
		const divided = await run(
			action('split', items[0]?.json.documentId, { splitPages: [2] }, TRAY),
		);
		expect(divided.items).toHaveLength(2);
	});
});
