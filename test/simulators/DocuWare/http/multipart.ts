/** One part of a multipart body. */
export interface MultipartPart {
	name: string;
	fileName?: string;
	contentType: string;
	body: Buffer;
}

/** The parts of a `multipart/*` body, or undefined when there is no boundary or no closing line. */
export function parseMultipart(contentType: string, body: Buffer): MultipartPart[] | undefined {
	const boundary = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
	if (!/^\s*multipart\//i.test(contentType) || boundary === null) return undefined;
	const delimiter = Buffer.from(`--${boundary[1] ?? boundary[2] ?? ''}`);
	const parts: MultipartPart[] = [];
	let at = body.indexOf(delimiter);
	while (at >= 0) {
		const start = at + delimiter.length;
		if (body.subarray(start, start + 2).toString('latin1') === '--') return parts;
		const next = body.indexOf(delimiter, start);
		if (next < 0) return undefined;
		const part = parsePart(body.subarray(start + 2, next - 2));
		if (part !== undefined) parts.push(part);
		at = next;
	}
	return undefined;
}

function parsePart(raw: Buffer): MultipartPart | undefined {
	const split = raw.indexOf('\r\n\r\n');
	if (split < 0) return undefined;
	const header = raw.subarray(0, split).toString('utf8');
	const disposition = /^content-disposition:(.*)$/im.exec(header)?.[1] ?? '';
	const name = /[;\s]name="?([^";]*)"?/i.exec(disposition)?.[1] ?? '';
	const fileName = /[;\s]filename="?([^";]*)"?/i.exec(disposition)?.[1];
	const contentType = /^content-type:(.*)$/im.exec(header)?.[1]?.trim() ?? 'text/plain';
	return {
		name,
		...(fileName === undefined ? {} : { fileName }),
		contentType,
		body: raw.subarray(split + 4),
	};
}
