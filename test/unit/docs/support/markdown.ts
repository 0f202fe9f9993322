/** A heading of a Markdown document, with what stands between it and the next one. */
export interface Section {
	/** Number of `#`. */
	level: number;
	/** Without escapes. */
	title: string;
	/** Title of the section of level 2 that it stands in. */
	parent: string;
	text: string;
}

/** A link of a Markdown document that is no address on the web. */
export interface LocalLink {
	/** Path from the document; empty for a place in the document itself. */
	path: string;
	/** What follows `#`; empty where there is none. */
	anchor: string;
}

const FENCE = /^(`{3,}|~{3,})[^\n]*\n[\s\S]*?^\1`*\s*$/gm;

/** The document without its blocks of code, in which nothing is a heading or a link. */
export function withoutCode(document: string): string {
	return document.replace(FENCE, '');
}

/** The blocks of code and the code inside of lines. */
export function codeOf(document: string): string[] {
	const blocks = document.match(FENCE) ?? [];
	const inline = [...withoutCode(document).matchAll(/`([^`\n]+)`/g)].map(([, code]) => code ?? '');
	return [...blocks, ...inline];
}

/** The sections of a document, in their order. */
export function sectionsOf(document: string): Section[] {
	const sections: Section[] = [];
	let parent = '';
	for (const part of withoutCode(document).split(/^(?=#{1,6} )/m)) {
		const heading = /^(#{1,6}) +(.*)\n?/.exec(part);
		if (!heading) continue;
		const [line, marks = '', raw = ''] = heading;
		const title = raw.replace(/\\(?=[_*])/g, '').trim();
		if (marks.length === 2) parent = title;
		sections.push({ level: marks.length, title, parent, text: part.slice(line.length) });
	}
	return sections;
}

/** The anchors that GitHub gives the headings of a document. */
export function anchorsOf(document: string): Set<string> {
	return new Set(
		sectionsOf(document).map(({ title }) =>
			title
				.toLowerCase()
				.replace(/[^\p{L}\p{N}\s_-]/gu, '')
				.trim()
				.replace(/\s/g, '-'),
		),
	);
}

/** The links that lead to files of the project or to places in a document. */
export function localLinksOf(document: string): LocalLink[] {
	const links = [...withoutCode(document).matchAll(/\]\(<?([^)\s>]+)>?\)/g)];
	return links
		.map(([, target = '']) => target)
		.filter((target) => !/^[a-z][a-z0-9+.-]*:/i.test(target))
		.map((target) => {
			const [path = '', anchor = ''] = target.split('#');
			return { path, anchor };
		});
}
