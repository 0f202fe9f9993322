import type { PlatformResource } from './platformClient';

/** How many files a document says that it has; undefined where it does not say, for which zero stands as well. */
export function sectionCountOf({
	SectionCount: count,
	Sections: sections,
}: PlatformResource): number | undefined {
	const told = typeof count === 'number' && count > 0 ? count : undefined;
	return told ?? ((Array.isArray(sections) && sections.length) || undefined);
}

/** Whether a document says that it has several files. */
export function hasSeveral(owner: PlatformResource): boolean {
	return (sectionCountOf(owner) ?? 1) > 1;
}
