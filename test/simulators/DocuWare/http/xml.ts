import { escapeMarkup } from '../../shared/answers';
import { isRecord } from '../../shared/requestBody';

/** XML namespaces of the platform and of the links in it (docs/facts/docuware.md 1). */
export const platformNamespace = 'http://dev.docuware.com/schema/public/services/platform';
export const servicesNamespace = 'http://dev.docuware.com/schema/public/services';

/** Members with one value that stand as elements; all others are attributes. */
const textElements = new Set(['Message', 'Exception', 'EMail', 'ContentType']);

/** Lists whose entries stand inside an element with the name of the list. */
const wrappedLists: Readonly<Record<string, string>> = {
	Links: 's:Link',
	Fields: 'Field',
	Rights: 'Right',
	Resources: 'Template',
};

/** A resource as XML: values are attributes, objects elements, and lists repeat theirs. */
export function toXml(rootElement: string, resource: object): string {
	const namespaces = ` xmlns:s="${servicesNamespace}" xmlns="${platformNamespace}"`;
	return `<?xml version="1.0" encoding="utf-8"?>${objectElement(rootElement, resource, namespaces)}`;
}

function objectElement(name: string, value: object, namespaces = ''): string {
	const members = Object.entries(value).filter(
		([key, member]) => member !== undefined && member !== null && !key.startsWith('$'),
	);
	const attributes = members
		.filter(([key, member]) => isAttribute(key, member))
		.map(([key, member]) => ` ${key}="${escapeMarkup(String(member))}"`);
	const children = members
		.filter(([key, member]) => !isAttribute(key, member))
		.map(([key, member]) => element(key, member, value));
	const start = `<${name}${namespaces}${attributes.join('')}`;
	return children.length === 0 ? `${start}/>` : `${start}>${children.join('')}</${name}>`;
}

function isAttribute(name: string, value: unknown): boolean {
	return typeof value !== 'object' && name !== 'Item' && !textElements.has(name);
}

function element(name: string, value: unknown, owner: object): string {
	const entryName = wrappedLists[name];
	if (entryName !== undefined && Array.isArray(value)) {
		const wrapper = name === 'Links' ? 's:Links' : name;
		return `<${wrapper}>${value.map((entry) => element(entryName, entry, owner)).join('')}</${wrapper}>`;
	}
	if (Array.isArray(value)) return value.map((entry) => element(name, entry, owner)).join('');
	if (name === 'Item' && isRecord(owner)) return itemElement(owner);
	return isRecord(value) ? objectElement(name, value) : textElement(name, value);
}

/** The value of an index field stands in an element that names its type. */
function itemElement({ Item: item, ItemElementName: type }: Record<string, unknown>): string {
	const name = typeof type === 'string' ? type : 'String';
	return isRecord(item) ? objectElement(name, item) : textElement(name, item);
}

function textElement(name: string, value: unknown): string {
	return `<${name}>${escapeMarkup(String(value))}</${name}>`;
}
