import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { withEntry } from './entry';

const ROOT = resolve(__dirname, '..', '..');

const FILE = 'bench/RESULTS.md';

/** What a command has to say of a run. */
export interface Result {
	/** Of the second level, as it stands in bench/RESULTS.md. */
	heading: string;
	/** What came of it, in a few words; the commit and the day stand before. */
	outcome: string;
	/** The command as it is to be repeated. */
	command: string;
	/** Markdown, a paragraph each. */
	paragraphs: readonly string[];
}

/** Puts a run into `bench/RESULTS.md`, the first below its heading, with commit, day, machine and versions. */
export function writeResult({ heading, outcome, command, paragraphs }: Result): void {
	const file = join(ROOT, FILE);
	const title = `${commit()}, ${new Date().toISOString().slice(0, 10)}: ${outcome}`;
	const where = `\`${command}\`; ${versions()}; load average at the end ${loads()}.`;
	const entry = { heading, title, paragraphs: [where, ...paragraphs] };
	writeFileSync(file, withEntry(readFileSync(file, 'utf8'), entry));
	process.stdout.write(`\nWritten into ${FILE}, below "${heading}".\n`);
}

/** The commit that was run; says so where files differ from it. */
function commit(): string {
	const head = git('rev-parse', '--short', 'HEAD');
	const changed = git('status', '--porcelain', '--untracked-files=no', '--', '.', `:!${FILE}`);
	return changed === '' ? head : `${head} with changes`;
}

function git(...args: string[]): string {
	return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim();
}

/** Machine and versions, n8n's being the pinned one. */
function versions(): string {
	const host = readFileSync(join(ROOT, 'test/n8nHost/package.json'), 'utf8');
	const { dependencies } = JSON.parse(host) as { dependencies?: Record<string, string> };
	const model = cpus()[0]?.model ?? 'unknown processor';
	const machine = `${availableParallelism()} cores (${model}), ${process.platform}`;
	return `${machine}, Node ${process.version}, n8n ${dependencies?.['n8n'] ?? 'unknown'}`;
}

function loads(): string {
	return loadavg()
		.map((load) => load.toFixed(1))
		.join(', ');
}
