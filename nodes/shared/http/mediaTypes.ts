/** Whether a media type is JSON, of its own or of a vendor's kind. @param type without parameters, in small letters */
export function isJsonType(type: string | undefined): boolean {
	return type !== undefined && /^(?:application|text)\/(?:[\w.+-]*\+)?json$/.test(type);
}

/** The same of XML. */
export function isXmlType(type: string | undefined): boolean {
	return type !== undefined && /^(?:application|text)\/(?:[\w.+-]*\+)?xml$/.test(type);
}
