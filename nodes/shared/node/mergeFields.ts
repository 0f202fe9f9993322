import type { INodeProperties } from 'n8n-workflow';

/** The fields of one operation, in the order in which they are shown. */
export interface OperationFields {
	resource: string;
	operation: string;
	fields: readonly INodeProperties[];
}

/** One field, and the operations that show it: their values by resource. */
interface Slot {
	key: string;
	field: INodeProperties;
	shownFor: Map<string, Set<string>>;
}

/**
 * The fields of many operations as one list of properties. A field that several operations share is
 * one property, so that the list grows with the distinct fields. Every operation shows exactly its own
 * fields, in its own order: a field that stands elsewhere in another operation is a property of its
 * own there.
 */
export function mergeFields(operations: readonly OperationFields[]): INodeProperties[] {
	const slots: Slot[] = [];
	const all = new Map<string, number>();
	for (const operation of operations) {
		addOperation(slots, operation);
		all.set(operation.resource, (all.get(operation.resource) ?? 0) + 1);
	}
	return slots.flatMap((slot) => propertiesOf(slot, all));
}

/** Walks along the slots: an equal field further down is shared, any other is put in here. */
function addOperation(slots: Slot[], { resource, operation, fields }: OperationFields): void {
	let next = 0;
	for (const field of fields) {
		const key = JSON.stringify(field);
		let at = slots.findIndex((slot, index) => index >= next && slot.key === key);
		if (at < 0) {
			at = next;
			slots.splice(at, 0, { key, field, shownFor: new Map() });
		}
		const { shownFor } = slots[at] as Slot;
		shownFor.set(resource, (shownFor.get(resource) ?? new Set()).add(operation));
		next = at + 1;
	}
}

/**
 * n8n shows a field for every combination of its resources and operations, and values such as `getAll`
 * repeat across resources. So there is one property for each group whose combinations are all wanted,
 * grouped the way that takes fewer; and one, without operations, for the resources that show it in all of theirs.
 *
 * @param all number of operations of each resource
 */
function propertiesOf(
	{ field, shownFor }: Slot,
	all: ReadonlyMap<string, number>,
): INodeProperties[] {
	const always = [...shownFor]
		.filter(
			([resource, operations]) => operations.size > 1 && operations.size === all.get(resource),
		)
		.map(([resource]) => resource);
	const sometimes = new Map([...shownFor].filter(([resource]) => !always.includes(resource)));
	const whole = always.length === 0 ? [] : [withCondition(field, { resource: always })];
	return [...whole, ...groupsOf(sometimes).map((condition) => withCondition(field, condition))];
}

function groupsOf(
	shownFor: ReadonlyMap<string, ReadonlySet<string>>,
): Array<{ resource: string[]; operation: string[] }> {
	const byResource = groupByEqualSets(shownFor).map(({ members, set }) => ({
		resource: members,
		operation: set,
	}));
	const byOperation = groupByEqualSets(transposed(shownFor)).map(({ members, set }) => ({
		resource: set,
		operation: members,
	}));
	return byOperation.length < byResource.length ? byOperation : byResource;
}

function withCondition(
	field: INodeProperties,
	condition: { resource: string[]; operation?: string[] },
): INodeProperties {
	return {
		...field,
		displayOptions: {
			...field.displayOptions,
			show: { ...field.displayOptions?.show, ...condition },
		},
	};
}

function groupByEqualSets(
	sets: ReadonlyMap<string, ReadonlySet<string>>,
): Array<{ members: string[]; set: string[] }> {
	const groups = new Map<string, { members: string[]; set: string[] }>();
	for (const [member, values] of sets) {
		const key = JSON.stringify([...values].sort());
		const group = groups.get(key);
		if (group) group.members.push(member);
		else groups.set(key, { members: [member], set: [...values] });
	}
	return [...groups.values()];
}

function transposed(sets: ReadonlyMap<string, ReadonlySet<string>>): Map<string, Set<string>> {
	const result = new Map<string, Set<string>>();
	for (const [member, values] of sets) {
		for (const value of values) {
			result.set(value, (result.get(value) ?? new Set()).add(member));
		}
	}
	return result;
}
