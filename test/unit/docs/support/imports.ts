import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { preProcessFile } from 'typescript';
import { filesBelow, projectRoot } from './projectFiles';

/** One file names another: by import, by `require`, or as the source of a type. */
export interface Arrow {
	from: string;
	to: string;
}

/** The arrows between the source files of these folders, as paths from the project. */
export function arrowsBelow(folders: readonly string[]): Arrow[] {
	return folders
		.flatMap((folder) => filesBelow(folder, '.ts'))
		.flatMap((from) => targetsOf(from).map((to) => ({ from, to })));
}

function targetsOf(from: string): string[] {
	return modulesNamedIn(readFileSync(join(projectRoot, from), 'utf8'))
		.filter((name) => name.startsWith('.'))
		.flatMap((name) => fileOf(join(dirname(from), name)) ?? []);
}

/** The modules that a source names, those of types and those loaded inside functions too. */
export function modulesNamedIn(source: string): string[] {
	return preProcessFile(source, true, true).importedFiles.map(({ fileName }) => fileName);
}

/** A module without its ending as a file; undefined for data and declarations alone. */
function fileOf(module: string): string | undefined {
	return [`${module}.ts`, `${module}/index.ts`].find((file) => existsSync(join(projectRoot, file)));
}

/** The groups of files that lead back to themselves, each group sorted. */
export function circlesOf(arrows: readonly Arrow[]): string[][] {
	const reached = reachableFrom(arrows);
	const circles = new Map<string, string[]>();
	for (const [file, others] of reached) {
		const circle = [...others].filter((other) => reached.get(other)?.has(file)).sort();
		const [first] = circle;
		if (first !== undefined && others.has(file)) circles.set(first, circle);
	}
	return [...circles.values()].sort();
}

/** For each file, all that can be reached from it by one arrow or more. */
function reachableFrom(arrows: readonly Arrow[]): Map<string, Set<string>> {
	const next = new Map<string, Arrow[]>();
	for (const arrow of arrows) next.set(arrow.from, [...(next.get(arrow.from) ?? []), arrow]);
	return new Map([...next.keys()].map((file) => [file, reach(file, next)]));
}

function reach(file: string, next: ReadonlyMap<string, readonly Arrow[]>): Set<string> {
	const reached = new Set<string>();
	const waiting = [file];
	for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
		for (const { to } of next.get(at) ?? []) {
			if (reached.has(to)) continue;
			reached.add(to);
			waiting.push(to);
		}
	}
	return reached;
}
