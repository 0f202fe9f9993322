/** A citation of a document of the project, with the section that it names, if any. */
export interface Citation {
	/** Path from the project. */
	path: string;
	/** The words of the source that name the section; empty where the whole document is meant. */
	section: string;
	/** Whether a heading is the section that is meant. */
	means: (title: string) => boolean;
}

const NUMBER = '\\d+(?:\\.\\d+)*';
const LIST = `${NUMBER}(?:(?:,| and| to) ${NUMBER})*`;

/**
 * The grammar: a path, and behind it the numbers of sections, a title in quotes, or rules of the
 * vault contract. `docs/facts/exact-online.md 1.4, 1.5 and 1.8`; `docs/facts/n8n.md, "Versions"`;
 * `docs/architecture.md, rule 7`.
 */
const CITATION = new RegExp(
	`(?<![\\w/.-])(docs/[\\w./-]+\\.md)(?: (${LIST})|,? "([^"]+)"|, rules? (${LIST}))?`,
	'g',
);

/** Declares for a file that the numbers in its brackets are sections of a document. */
const BRACKETS = /Numbers in brackets are sections of (docs\/[\w./-]+\.md)/;

/** Ways of citing that a reader of the repository cannot follow. */
const NOT_TO_FOLLOW = [
	/(?<!docs\/)\bfacts\/\w[\w.-]*/g,
	/(?<![\w"'`])facts \d[\d.]*/g,
	/\bDESIGN\b|\bdesign (?:file|document)\b/g,
	/\bcontract \d+/g,
];

/** The text with the marks of comments taken off, each paragraph in one line. */
function unwrapped(source: string): string {
	return source.replace(/[ \t]*\n[ \t]*(?:\*(?!\/)|\/\/)?[ \t]*/g, ' ');
}

function listed(list: string, cite: (number: string) => Citation): Citation[] {
	return (list.match(new RegExp(NUMBER, 'g')) ?? []).map(cite);
}

/** Chapters are headed `1. Title`, sections `1.1 Title`. */
function toSection(path: string): (number: string) => Citation {
	return (number) => ({
		path,
		section: number,
		means: (title) => title.startsWith(`${number} `) || title.startsWith(`${number}. `),
	});
}

function toRule(path: string): (number: string) => Citation {
	return (number) => ({
		path,
		section: `Rule ${number}`,
		means: (title) => title.startsWith(`Rule ${number}:`),
	});
}

function inBrackets(text: string): Citation[] {
	const path = BRACKETS.exec(text)?.[1];
	if (path === undefined) return [];
	const groups = [...text.matchAll(/(?<= )\(([^()]*)\)/g)].map(([, inside = '']) => inside);
	const numbers = groups.flatMap(
		(inside) => inside.match(/(?<=^|[ ,:])\d{1,2}(?:\.\d{1,2})?(?=$|[ ,])/g) ?? [],
	);
	return numbers.map(toSection(path));
}

/** All citations in a source file, in comments and in strings. */
export function citationsIn(source: string): Citation[] {
	const text = unwrapped(source);
	const found = [...text.matchAll(CITATION)].flatMap(([, path = '', list, title, rules]) => {
		if (list !== undefined) return listed(list, toSection(path));
		if (rules !== undefined) return listed(rules, toRule(path));
		if (title === undefined) return [{ path, section: '', means: () => true }];
		return [{ path, section: `"${title}"`, means: (heading: string) => heading === title }];
	});
	return [...found, ...inBrackets(text)];
}

/**
 * What is wrong with the citations of a source file, in words: a document that is not there, a
 * section that is not in it, or a way of citing that nobody can follow.
 * @param headings titles of the sections of each document of the project, by its path.
 */
export function brokenCitations(
	source: string,
	headings: ReadonlyMap<string, readonly string[]>,
): string[] {
	const broken = citationsIn(source).flatMap(({ path, section, means }) => {
		const titles = headings.get(path);
		if (titles === undefined) return [`${path} does not exist`];
		return section === '' || titles.some(means) ? [] : [`${path} has no section ${section}`];
	});
	const text = unwrapped(source);
	const unnamed = NOT_TO_FOLLOW.flatMap((pattern) => text.match(pattern) ?? []);
	const missing = (text.match(/(?<![\w/.-])[A-Z]{3,}\.md\b/g) ?? []).filter(
		(name) => !headings.has(name),
	);
	return [
		...broken,
		...unnamed.map((words) => `"${words}" names no document of the project`),
		...missing.map((name) => `${name} does not exist`),
	];
}
