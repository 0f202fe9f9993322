import {
	MARKS,
	METHOD_LETTERS,
	TYPE_LETTERS,
	type EndpointRow,
} from '../../nodes/ExactOnline/catalogue/format';
import { endpointNames } from './endpointNames';
import { linesOf, type Source, type SourceEndpoint, type SourceType } from './source';
import { mayWrite } from './writeMarks';

/** The generated files of the catalogue, by path below its data folder; one endpoint a line. */
export function generate(source: Source): Map<string, string> {
	const paths = [...source.keys()].sort();
	const names = endpointNames(paths);
	const list: Record<string, EndpointRow> = {};
	const byService = new Map<string, Record<string, string>>();
	for (const path of paths) {
		const endpoint = source.get(path)!;
		const methods = endpoint.methods.map((method) => METHOD_LETTERS[method]).join('');
		list[path] = [names.get(path)!, endpoint.service, methods, endpoint.keys.join(' ')];
		const fields = byService.get(endpoint.service) ?? {};
		fields[path] = encodeFields(path, endpoint);
		byService.set(endpoint.service, fields);
	}
	return new Map([
		['endpoints.json', linewise(list)],
		...[...byService].map(
			([service, fields]) => [`fields/${service}.json`, linewise(fields)] as const,
		),
	]);
}

function encodeFields(path: string, endpoint: SourceEndpoint): string {
	return Object.entries(endpoint.fields)
		.map(([name, type]) => `${name}:${encodeType(type)}${encodeMarks(path, endpoint, name)}`)
		.join(' ');
}

function encodeType(type: SourceType): string {
	const lines = linesOf(type);
	return lines === undefined ? TYPE_LETTERS[type as keyof typeof TYPE_LETTERS] : `[${lines}]`;
}

function encodeMarks(path: string, endpoint: SourceEndpoint, field: string): string {
	const create = mayWrite(path, endpoint, field, 'POST');
	const update = mayWrite(path, endpoint, field, 'PUT');
	const mandatory = create && endpoint.mandatory.includes(field);
	return [
		mandatory ? MARKS.mandatory : '',
		create ? MARKS.create : '',
		update ? MARKS.update : '',
	].join('');
}

function linewise(entries: Record<string, unknown>): string {
	const lines = Object.entries(entries).map(
		([path, value]) => `${JSON.stringify(path)}:${JSON.stringify(value)}`,
	);
	return `{\n${lines.join(',\n')}\n}\n`;
}
