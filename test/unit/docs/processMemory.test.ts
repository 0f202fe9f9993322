import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { sectionsOf } from './support/markdown';
import { filesBelow, projectRoot } from './support/projectFiles';

const read = (file: string) => readFileSync(join(projectRoot, file), 'utf8');

const sources = filesBelow('nodes', '.ts');

/** What the table of the architecture names in its first column. */
const table = sectionsOf(read('docs/architecture.md')).find(
	({ title }) => title === 'State per process',
);
const named = (table?.text ?? '')
	.split('\n')
	.filter((line) => line.startsWith('|'))
	.flatMap((line) =>
		[...(line.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name),
	);

/** The keys under which a source file keeps state for the whole process. */
function keysIn(file: string): string[] {
	const text = read(file);
	const calls = text.matchAll(/\bprocessState(?:<[^(]*>)?\(\s*(?:'([^']+)'|(\w+))/g);
	return [...calls].flatMap(([, key, constant]) => {
		if (key !== undefined) return [key];
		const value = new RegExp(`const ${constant} = '([^']+)'`).exec(text)?.[1];
		// The function itself passes its parameter on.
		return value === undefined ? [] : [value];
	});
}

/** Whether a source file keeps a collection in a variable of its own or of a class, empty at first. */
function keepsCollection(file: string): boolean {
	return /^(?:(?:export )?(?:const|let) |\t(?:(?:private|protected|static|readonly) )+)\w+(?:: [^=\n]+)? = new (?:Weak)?(?:Map|Set)(?:<.*>)?\(\)/m.test(
		read(file),
	);
}

it('finds the state of a process', () => {
	const keys = sources.flatMap(keysIn);
	expect(keys).toEqual(expect.arrayContaining(['tokenChain1', 'docuWareIdle2', 'exact1']));
	expect(keepsCollection('nodes/shared/vault/rows/itemScopes.ts')).toBe(true);
	expect(keepsCollection('nodes/shared/vault/vault.ts')).toBe(true);
});

it('says of everything that lives as long as the process what bounds it, and of nothing else', () => {
	const kept = [...new Set(sources.flatMap(keysIn)), ...sources.filter(keepsCollection)];
	expect(named.sort()).toEqual(kept.sort());
});
