import type { IDataObject } from 'n8n-workflow';
import { isRecord } from '../../../shared/http';
import type { PlatformResource } from '../../api/platformClient';

const MEMBER = 'DocumentApplicationProperty';

/** Names and values in an answer (docs/facts/docuware.md 7.3, 7.4). */
export function applicationProperties({ [MEMBER]: list }: PlatformResource): IDataObject {
	const rows: unknown[] = Array.isArray(list) ? list : [];
	return Object.fromEntries(
		rows.flatMap((row) => {
			const { Name: name, Value: value } = isRecord(row) ? row : {};
			return typeof name === 'string' ? [[name, value ?? null]] : [];
		}),
	) as IDataObject;
}

/** What sets and deletes properties; an empty value is a deletion (docs/facts/docuware.md 7.3). */
export function propertiesBody(
	values: ReadonlyArray<readonly [name: string, value: string]>,
	deleted: readonly string[],
): object {
	return {
		[MEMBER]: [
			...values.map(([Name, Value]) => ({ Name, Value })),
			...deleted.map((Name) => ({ Name, Value: null })),
		],
	};
}
