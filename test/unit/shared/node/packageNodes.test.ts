import type { INodeType } from 'n8n-workflow';
import { DESCRIPTION_LIMIT, descriptionSize } from './support/descriptionSize';
import { packageNodes } from './support/packageNodes';

/** The ways in which n8n lets a node type begin an execution. */
function waysOf(node: INodeType): string[] {
	return (['poll', 'webhook', 'trigger'] as const).filter((way) => node[way] !== undefined);
}

describe('the node types of the package', () => {
	// n8n runs `poll` on publish and in test runs, whatever a parameter says.
	it.each(packageNodes())('%s polls or receives, never both, and says so', (_name, node) => {
		const ways = waysOf(node);
		expect(ways.length).toBeLessThanOrEqual(1);
		expect(node.description.polling === true).toBe(ways.includes('poll'));
		expect((node.description.webhooks ?? []).length > 0).toBe(ways.includes('webhook'));
		expect(node.description.group.includes('trigger')).toBe(ways.length === 1);
		expect(node.execute === undefined).toBe(ways.length === 1);
	});

	it.each(packageNodes())('%s has a description below the limit', (_name, { description }) => {
		expect(descriptionSize(description)).toBeLessThan(DESCRIPTION_LIMIT);
	});

	// Parameters with expressions are read without n8n's check of types (`shared/node/givenValues.ts`).
	it.each(packageNodes())(
		'%s has no field of which n8n checks the type',
		(_name, { description }) => {
			expect(JSON.stringify(description)).not.toContain('"validateType"');
		},
	);

	// The editor hides each parameter that the display options of a credential name, and each that those by which
	// Authentication is shown name.
	it.each(packageNodes())('%s lets Authentication alone decide over credentials', (_name, node) => {
		const named = (node.description.credentials ?? []).flatMap(({ displayOptions = {} }) =>
			Object.values(displayOptions).flatMap((conditions: object) => Object.keys(conditions)),
		);
		expect(named.filter((name) => name !== 'authentication' && name !== '@version')).toEqual([]);
		const fields = node.description.properties.filter(({ name }) => name === 'authentication');
		expect(fields.flatMap(({ displayOptions }) => Object.keys(displayOptions?.show ?? {}))).toEqual(
			[],
		);
	});

	it('are looked at one by one', () => {
		expect(packageNodes().map(([name]) => name)).toEqual(
			expect.arrayContaining(['DocuWare', 'ExactOnline']),
		);
		const both = { poll: async () => null, webhook: async () => ({}) } as unknown as INodeType;
		expect(waysOf(both)).toEqual(['poll', 'webhook']);
	});
});
