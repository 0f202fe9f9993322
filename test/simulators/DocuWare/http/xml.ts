import { escapeMarkup } from '../../shared/answers';

/** XML namespace of the platform (docs/facts/docuware.md 1). */
export const platformNamespace = 'http://dev.docuware.com/schema/public/services/platform';

/** A resource as XML: objects become elements, lists repeat theirs, links carry attributes. */
export function toXml(rootElement: string, resource: object): string {
	const inner = Object.entries(resource)
		.map(([name, value]) => element(name, value))
		.join('');
	return `<?xml version="1.0" encoding="utf-8"?><${rootElement} xmlns="${platformNamespace}">${inner}</${rootElement}>`;
}

function element(name: string, value: unknown): string {
	if (value === undefined || value === null || name.startsWith('$')) return '';
	if (name === 'Links' && Array.isArray(value)) return `<Links>${value.map(link).join('')}</Links>`;
	if (Array.isArray(value)) return value.map((entry) => element(name, entry)).join('');
	if (typeof value === 'object') {
		const inner = Object.entries(value)
			.map(([key, entry]) => element(key, entry))
			.join('');
		return `<${name}>${inner}</${name}>`;
	}
	return `<${name}>${escapeMarkup(String(value))}</${name}>`;
}

function link(value: unknown): string {
	const { rel, href } = value as { rel: string; href: string };
	return `<Link rel="${escapeMarkup(rel)}" href="${escapeMarkup(href)}"/>`;
}
