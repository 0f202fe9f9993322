import type { INodeProperties } from 'n8n-workflow';
import { DocuWareTrigger } from '../../../../../nodes/DocuWare/DocuWareTrigger.node';

const node = new DocuWareTrigger();
const { properties } = node.description;

/** Names under a key, wherever it stands in the form. */
function namesUnder(key: string): string[] {
	const names: string[] = [];
	JSON.stringify(properties, (name, value: unknown) => {
		if (name === key && typeof value === 'string') names.push(value);
		return value;
	});
	return [...new Set(names)];
}

/** Fields that a new node shows, in order. */
function shownAtFirst(): string[] {
	const value = (name: string) => properties.find((field) => field.name === name)?.default;
	const isShown = ({ displayOptions }: INodeProperties) =>
		Object.entries(displayOptions?.show ?? {}).every(([name, values]) =>
			(values as unknown[]).includes(value(name)),
		);
	return properties.filter(isShown).map(({ displayName }) => displayName);
}

it('shows what is needed first', () => {
	expect(shownAtFirst()).toEqual([
		'Authentication',
		'Trigger On',
		'Documents In',
		'File Cabinet',
		'Only Some Documents',
		'Start',
		'Output',
		'Connection Output',
		'Options',
	]);
});

it('has the lists that its fields ask for', () => {
	const { loadOptions, listSearch } = node.methods;
	expect(namesUnder('loadOptionsMethod').filter((name) => !(name in loadOptions))).toEqual([]);
	expect(namesUnder('searchListMethod').filter((name) => !(name in listSearch))).toEqual([]);
	expect(namesUnder('loadOptionsMethod').length).toBeGreaterThan(2);
	expect(namesUnder('searchListMethod').length).toBeGreaterThan(2);
});

it('polls and receives nothing', () => {
	expect(node.description.polling).toBe(true);
	expect('webhook' in node).toBe(false);
	expect(node.description.webhooks).toBeUndefined();
});
