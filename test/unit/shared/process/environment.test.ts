import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

import { n8nUserFolder, readVariable } from '../../../../nodes/shared/process/environment';

let folder: string;
let file: string;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'environment-'));
	file = join(folder, 'value');
	await writeFile(file, ' "of the file"\n');
});
afterAll(async () => await rm(folder, { recursive: true, force: true }));

const unreadable = (variable: string, path: string) => new Error(`${variable} names ${path}`);

it.each<[string, Record<string, string>, object | undefined]>([
	['nothing is set', {}, undefined],
	['the variable goes before its file', { A: ' x ', A_FILE: 'f' }, { text: 'x', source: 'A' }],
	['one pair of quotes is dropped', { A: `'"x"'` }, { text: '"x"', source: 'A' }],
	['a quote on one side stays', { A: `"x` }, { text: '"x', source: 'A' }],
	['an empty variable counts as set', { A: ' ', A_FILE: 'f' }, { text: '', source: 'A' }],
	['quotes in a file stay', { A_FILE: 'f' }, { text: '"of the file"', source: 'A_FILE' }],
	['an empty name of a file names none', { A_FILE: '' }, undefined],
])('%s', async (_name, env, expected) => {
	const named = env.A_FILE === 'f' ? { ...env, A_FILE: file } : env;
	expect(await readVariable(named, 'A', { unreadable })).toEqual(expected);
});

it('an empty variable gives way to its file where the reader says so', async () => {
	const env = { A: `""`, A_FILE: file };
	const found = await readVariable(env, 'A', { unreadable, emptyIsUnset: true });
	expect(found?.source).toBe('A_FILE');
});

it('a file that cannot be read is the error of the reader', async () => {
	const missing = join(folder, 'none');
	await expect(readVariable({ A_FILE: missing }, 'A', { unreadable })).rejects.toThrow(
		`A_FILE names ${missing}`,
	);
});

it("n8n's folder stands in its user folder, else in the home folder", () => {
	expect(n8nUserFolder({ N8N_USER_FOLDER: '/data' })).toBe(join('/data', '.n8n'));
	expect(n8nUserFolder({ N8N_USER_FOLDER: '' })).toBe(join(homedir(), '.n8n'));
});
