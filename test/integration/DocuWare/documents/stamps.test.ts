import { operation, useNode } from '../node/support/nodeFixture';
import { action, stored } from './support/actions';
import { codeOf, INVOICES, locator } from './support/uploads';

const { start } = useNode();

describe('stamps and annotations', () => {
	it('are placed with fields and password, and the password is shown nowhere', async () => {
		const fixture = await start();
		const { run } = fixture;
		const number = await stored(fixture);
		const stamps = await run(operation('stamp', 'getAll', { fileCabinetId: locator(INVOICES) }));
		expect(stamps.items.map(({ json }) => [json.name, json.needsPassword])).toEqual([
			['Approved', false],
			['Paid', true],
		]);
		const approved = { stampId: { __rl: true, mode: 'name', value: 'approved' } };
		const field = [{ name: 'Cost centre', type: 'Text', value: '4711' }];
		const placed = await run(action('placeStamp', number, { ...approved, stampFields: { field } }));
		expect(placed.items[0]?.json).toMatchObject({ placed: true, stampName: 'Approved' });
		const paid = (stampPassword: string) =>
			run(
				action('placeStamp', number, {
					stampId: locator(String(stamps.items[1]?.json.stampId)),
					options: { stampPassword },
				}),
			);
		const refused: unknown = await paid('not the secret').catch((failure: unknown) => failure);
		expect(refused).toMatchObject(codeOf('DOCUWARE_FORBIDDEN'));
		expect(JSON.stringify(refused)).not.toContain('not the secret');
		const { items } = await paid('stamp secret');
		expect(JSON.stringify(items)).not.toContain('stamp secret');
		await run(
			action('addAnnotation', number, {
				annotations: {
					text: [{ text: 'Geprüft' }],
					rectangle: [{ colorName: 'Yellow' }],
					line: [{ arrow: true }],
				},
			}),
		);
		const drawn = await run(
			operation('customApiCall', 'call', {
				path: `FileCabinets/${INVOICES}/Documents/${number}/Annotation`,
			}),
		);
		const shown = JSON.stringify(drawn.items[0]?.json);
		for (const kind of ['StampEntry', 'TextEntry', 'RectEntry', 'LineEntry', 'Geprüft']) {
			expect(shown).toContain(kind);
		}
		await expect(
			run(action('addAnnotation', number, { annotations: { line: [{}] }, options: { page: 9 } })),
		).rejects.toMatchObject(codeOf('DOCUWARE_VALIDATION'));
	});

	it('land on the same page where the server counts from 1 and the option says so', async () => {
		const fixture = await start({ annotationPages: 'fromOne' });
		const number = await stored(fixture);
		const { items } = await fixture.run(
			action('addAnnotation', number, {
				annotations: { text: [{ text: 'Hier' }] },
				options: { countFrom: 1 },
			}),
		);
		expect(items[0]?.json).toMatchObject({ added: 1, page: 1 });
	});
});
