import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { resources as docuWare } from '../../../../nodes/DocuWare/resources';
import { sessionFields } from '../../../../nodes/DocuWare/resources/common/sessionFields';
import { resources as exactOnline } from '../../../../nodes/ExactOnline/resources';
import { packageNodes } from './support/packageNodes';

/** What n8n asks of the texts and the order of a node (docs/facts/n8n.md, "What n8n asks of a node's face"). */
interface Shown {
	place: string;
	field: INodeProperties;
}

/** All fields of a list with those inside them. */
function deep(fields: readonly INodeProperties[], place: string): Shown[] {
	return fields.flatMap((field) => [
		{ place: `${place} > ${field.displayName}`, field },
		...(field.options ?? []).flatMap((option) => {
			if ('values' in option) return deep(option.values, `${place} > ${field.displayName}`);
			return 'type' in option ? deep([option], `${place} > ${field.displayName}`) : [];
		}),
		...(field.modes ?? []).flatMap((mode) =>
			deep([{ ...mode, default: '' } as INodeProperties], `${place} > ${field.displayName}`),
		),
	]);
}

const fields = packageNodes().flatMap(([name, { description }]) =>
	deep(description.properties, name),
);

function optionsOf({ field }: Shown): INodePropertyOptions[] {
	return (field.options ?? []).filter((one): one is INodePropertyOptions => 'value' in one);
}

const places = (found: readonly Shown[]) => [...new Set(found.map(({ place }) => place))];

const operations = [
	...exactOnline.map((one) => ({ service: 'Exact Online', ...one })),
	...docuWare.map((one) => ({ service: 'DocuWare', ...one })),
].flatMap(({ service, name, operations: own }) =>
	own.map((operation) => ({ place: `${service} > ${name} > ${operation.name}`, operation })),
);

it('looks at every node', () => {
	expect(fields.length).toBeGreaterThan(1_000);
	expect(operations.length).toBeGreaterThan(200);
});

it('action texts are in sentence case, without articles and without a full stop', () => {
	const wrong = operations.filter(({ operation: { action } }) => {
		const rest = action.replace(/\b(?:API|PDF|XML|GL|VAT|SEPA|DocuWare)\b/g, '').slice(1);
		return /\b(?:a|an|the)\b/i.test(action) || /[A-Z]/.test(rest) || !/^[A-Z].*[^.]$/.test(action);
	});
	expect(wrong.map(({ place, operation }) => `${place}: ${operation.action}`)).toEqual([]);
});

it('placeholders are examples, or say what to add or to select', () => {
	const wrong = fields.filter(
		({ field: { placeholder } }) =>
			placeholder !== undefined && !/^(?:e\.g\. \S|(?:Add|Select|Enter) )/.test(placeholder),
	);
	expect(places(wrong)).toEqual([]);
});

it('switches say Whether', () => {
	const wrong = fields.filter(
		({ field }) => field.type === 'boolean' && !/^Whether /.test(field.description ?? ''),
	);
	expect(places(wrong)).toEqual([]);
});

/** Words that stay small inside a title. */
const SMALL =
	/^(?:a|an|and|as|at|by|for|from|if|in|into|is|it|of|off|on|or|per|than|the|to|up|via|with|without|e\.g\.|vs|x|y)$/;

/** A title has a capital at each word that is no small one, and at its first. */
function isTitle(text: string): boolean {
	const words = text.split(/[\s/>()]+/).filter((word) => /^\p{L}/u.test(word));
	return words.every((word, index) => /^\p{Lu}/u.test(word) || (index > 0 && SMALL.test(word)));
}

it('fields and operations have titles', () => {
	const named = fields.filter(
		({ field }) => field.type !== 'notice' && !isTitle(field.displayName),
	);
	expect(places(named)).toEqual([]);
	expect(operations.filter(({ operation }) => !isTitle(operation.name))).toEqual([]);
});

it('choices have titles, but for the services’ own names', () => {
	const wrong = fields.flatMap((shown) =>
		optionsOf(shown)
			.filter(({ name, value }) => !isTitle(name) && name !== value)
			.map(({ name }) => `${shown.place}: ${name}`),
	);
	expect([...new Set(wrong)]).toEqual([]);
});

it('Options come last, with what tunes the calls below them; Session stands right above', () => {
	const session = sessionFields.map(({ name }) => name);
	const tuning = ['options', 'callLimits', 'sort'];
	const wrong = operations.filter(({ operation }) => {
		const names = operation.fields.map(({ name }) => name);
		const first = names.findIndex((name) => tuning.includes(name));
		const end = first < 0 ? names : names.slice(0, first);
		const after = first < 0 ? [] : names.slice(first);
		const at = end.findIndex((name) => session.includes(name));
		return (
			after.some((name) => !tuning.includes(name)) ||
			(at >= 0 && end.slice(at).some((name) => !session.includes(name)))
		);
	});
	expect(wrong.map(({ place }) => place)).toEqual([]);
});

it('notices stand at the top, or right above the switch that they are about', () => {
	const wrong = operations.filter(({ operation }) => {
		const at = operation.fields.findIndex(
			({ type, displayOptions }) => type === 'notice' && displayOptions === undefined,
		);
		return at > 0;
	});
	expect(wrong.map(({ place }) => place)).toEqual([]);
});

it('what acts on a registration has a notice and a switch that is off', () => {
	const acting = operations.filter(({ operation }) =>
		/^(?:Forget|Release|Take Over|Reset)\b/.test(operation.name),
	);
	expect(acting.map(({ place }) => place)).toEqual([
		'Exact Online > Authorization > Forget',
		'Exact Online > Authorization > Release Registration',
		'Exact Online > Authorization > Take Over Registration',
		'DocuWare > Session > Forget',
	]);
	for (const { operation } of acting) {
		const [notice, confirmed] = operation.fields;
		expect(notice).toMatchObject({ type: 'notice' });
		expect(confirmed).toMatchObject({ name: 'confirmed', type: 'boolean', default: false });
		expect(operation.description).toMatch(/^(?:The connection goes on|Data in \w+)/);
	}
});

/** Reads things, so that their fields are a table. */
const READS =
	/^(?:Get$|Get Many$|Get Current$|Get Users$|Get Groups$|Get Roles$|Get Documents$|Get Sections$|Get Dialogs$|Get Fields$|Get History$|Get Changes$|Search$)/;

it('every operation that reads a record or a list offers Output, also where a tool uses it', () => {
	const reading = operations.filter(({ operation }) => READS.test(operation.name));
	expect(reading.length).toBeGreaterThan(100);
	const wrong = reading.filter(({ operation }) => {
		const [output, ...others] = operation.fields.filter(({ name }) => name === 'output');
		const values = (output?.options ?? []).map((one) => ('value' in one ? one.value : ''));
		const fieldsToReturn = operation.fields.find(({ name }) => name === 'fieldsToReturn');
		return (
			others.length > 0 ||
			output?.default !== 'simplified' ||
			output.displayOptions !== undefined ||
			String(values) !== 'simplified,selected,raw' ||
			String(fieldsToReturn?.displayOptions?.show?.output) !== 'selected'
		);
	});
	expect(wrong.map(({ place }) => place)).toEqual([]);
});
