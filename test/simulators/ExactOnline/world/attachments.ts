import type { EdmValue, Row } from '../odata/edm';
import type { Behaviour } from './behaviours';
import type { EntityTable } from './entityTable';
import type { World } from './world';

/** Where the bytes of an attachment are, docs/facts/exact-online.md 7.2. */
const ADDRESS = '/docs/SysAttachment.aspx?ID=';

/** `documents/DocumentAttachments`: the bytes are kept, and found at an address of their own. */
export function attachmentsBehaviour(): Behaviour {
	return {
		beforeInsert: (row) => {
			row['FileSize'] = Buffer.byteLength(String(row['Attachment'] ?? ''), 'base64');
			row['Url'] = `${ADDRESS}${String(row['ID'])}`;
		},
	};
}

/** Completes the address with the host that the client used. */
export const presentAttachment: EntityTable['present'] = (row, origin) => ({
	...row,
	Url: absolute(row['Url'] ?? null, origin),
});

function absolute(url: EdmValue, origin: string): EdmValue {
	return typeof url === 'string' && url.startsWith('/') ? `${origin}${url}` : url;
}

/** An attachment of one of these divisions. */
export function findAttachment(
	world: World,
	divisions: readonly number[],
	id: string,
): Row | undefined {
	return divisions
		.map((division) => world.records.set(division, 'documents/DocumentAttachments').find([id]))
		.find((row) => row !== undefined);
}
