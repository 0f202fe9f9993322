import type { IDataObject, INodeProperties } from 'n8n-workflow';
import {
	lookAtPublishing,
	triggerValues,
	type TriggerForm,
} from '../../../../nodes/shared/node/triggerValues';
import { hookContext, locator, pollContext, type NodeSettings } from '../../../support/n8nContext';

const field = (name: string, more: Partial<INodeProperties> = {}): INodeProperties => ({
	...{ displayName: name.toUpperCase(), name, type: 'string', default: '' },
	...more,
});

const fields: INodeProperties[] = [
	field('place', {
		type: 'resourceLocator',
		default: { mode: 'list', value: 'current' },
		modes: [{ displayName: 'By Code', name: 'id', type: 'string' }],
	}),
	field('kind', {
		type: 'options',
		default: 'all',
		options: [
			{ name: 'All', value: 'all' },
			{ name: 'Some of Them', value: 'some' },
		],
	}),
	field('which', { displayOptions: { show: { kind: ['some'] } } }),
	field('own'),
	field('options', {
		type: 'collection',
		default: {},
		options: [field('most', { type: 'number', default: 10 })],
	}),
];

const form: TriggerForm = { fields, dealsWithGapsIn: ['own'], emptyValue: 'EMPTY' };

const settingsOf = (parameters: IDataObject): NodeSettings => ({
	description: { displayName: 'Trigger', name: 'trigger', properties: fields },
	parameters,
});

const valuesOf = (parameters: IDataObject) =>
	triggerValues(pollContext(settingsOf(parameters)), form);

const refusal = (text: string) =>
	expect.objectContaining({ code: 'EMPTY', message: expect.stringContaining(text) as string });

function failureOf(work: () => void): unknown {
	try {
		work();
		return undefined;
	} catch (error) {
		return error;
	}
}

const NOTHING = '={{ $json.none }}';

it.each<[label: string, parameters: IDataObject]>([
	['PLACE', { place: locator(NOTHING, 'id') }],
	['KIND', { kind: NOTHING }],
	['KIND', { kind: '={{ "others" }}' }],
	['WHICH', { kind: 'some', which: NOTHING }],
	['OPTIONS > MOST', { options: { most: NOTHING } }],
])('what an expression leaves empty in %s is refused, which names no item', (label, parameters) => {
	const values = valuesOf(parameters);
	const failure = failureOf(() => values.look());
	expect(failure).toEqual(refusal(`The expression of ${label} gives `));
	expect((failure as Error).message).not.toContain('item');
	const [name = ''] = Object.keys(parameters).slice(-1);
	expect(failureOf(() => void values.context.getNodeParameter(name))).toEqual(failure);
});

it.each<[what: string, parameters: IDataObject]>([
	['typed empty', { place: locator('', 'id'), options: { most: '' } }],
	['hidden', { kind: 'all', which: NOTHING }],
	['dealt with by the trigger itself', { own: NOTHING }],
])('what is %s passes', (_what, parameters) => {
	expect(failureOf(() => valuesOf(parameters).look())).toBeUndefined();
});

it('gives what expressions give, a choice by its words too, and everything else as n8n does', () => {
	const { context } = valuesOf({ kind: '={{ "some of them" }}', which: '={{ 1 + 1 }}' });
	expect(context.getNodeParameter('kind')).toBe('some');
	expect(context.getNodeParameter('which')).toBe(2);
	expect(context.getNodeParameter('none', 'fallback')).toBe('fallback');
	expect(() => context.getNodeParameter('none')).toThrow('none');
	expect(context.getMode()).toBe('manual');
});

describe('at publishing', () => {
	const look = (parameters: IDataObject, activation: 'activate' | 'init' | 'manual') => {
		const log: unknown[][] = [];
		const settings = { ...settingsOf(parameters), activation, log };
		const failure = failureOf(() => lookAtPublishing(hookContext(settings, ''), form));
		return { failure, log };
	};

	it.each(['activate', 'manual'] as const)('it is refused (%s)', (activation) => {
		const { failure } = look({ options: { most: '={{ null }}' } }, activation);
		expect(failure).toEqual(refusal('OPTIONS > MOST gives null.'));
	});

	it('it is only logged when n8n starts, which would receive nothing otherwise', () => {
		const { failure, log } = look({ kind: '={{ null }}' }, 'init');
		expect(failure).toBeUndefined();
		expect(log).toEqual([[expect.stringContaining('[EMPTY]'), expect.anything()]]);
	});

	it.each<[what: string, parameters: IDataObject]>([
		['reads the delivery', { place: locator(NOTHING, 'id') }],
		['is shown by a field that reads it', { kind: NOTHING, which: '={{ null }}' }],
	])('nothing is known of a field that %s', (_what, parameters) => {
		expect(look(parameters, 'activate').failure).toBeUndefined();
	});
});
