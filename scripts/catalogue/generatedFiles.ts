import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const DATA_FOLDER = join(__dirname, '../../nodes/ExactOnline/catalogue/data');

/** The files that are there, by path below the folder. */
export function readFiles(folder: string): Map<string, string> {
	const files = readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name));
	return new Map(
		files.map((file) => [
			file.slice(folder.length + 1).replaceAll('\\', '/'),
			readFileSync(file, 'utf8'),
		]),
	);
}

/** Makes a folder hold these files and no others. */
export function writeFiles(folder: string, files: ReadonlyMap<string, string>): void {
	rmSync(folder, { recursive: true, force: true });
	for (const [file, text] of files) {
		mkdirSync(dirname(join(folder, file)), { recursive: true });
		writeFileSync(join(folder, file), text);
	}
}

/** What tells two sets of files apart, a line for each file and the first line in it that differs. */
export function differences(
	wanted: ReadonlyMap<string, string>,
	present: ReadonlyMap<string, string>,
): string[] {
	const files = [...new Set([...wanted.keys(), ...present.keys()])].sort();
	return files.flatMap((file) => {
		const [one, other] = [wanted.get(file), present.get(file)];
		if (one === other) return [];
		if (other === undefined) return [`${file} is missing`];
		if (one === undefined) return [`${file} is not generated`];
		const lines = other.split('\n');
		const at = one.split('\n').findIndex((line, index) => line !== lines[index]);
		return [`${file}, line ${at + 1 || lines.length}, differs`];
	});
}
