import { encryptParameters, linkBase64, type LinkCipher } from './linkEncryption';

/** What the web client shows: search, list and viewer (`SRLV`), list and viewer, viewer, or a download. */
export type LinkView = 'D' | 'RLV' | 'SRLV' | 'V';

/** What a link leads to; what is undefined or empty is not said in it. */
export interface LinkContent {
	view: LinkView;
	/** A document tray is named by another parameter than a file cabinet. */
	fileCabinetId: string;
	isTray: boolean;
	documentId?: number | undefined;
	/** Such as `[COMPANY]="Peters"`. */
	query?: string | undefined;
	resultListId?: string | undefined;
	/** End of the link's life; milliseconds since the epoch. */
	validUntil?: number | undefined;
	/** Opens a session of its user for whoever has the link; in an encrypted link alone. */
	loginToken?: string | undefined;
}

export interface LinkSealing {
	passphrase: string;
	cipher: LinkCipher;
}

/**
 * A link into DocuWare's web client (docs/facts/docuware.md 4.5).
 *
 * @param baseUrl of the Platform, without a slash at its end
 * @param organization GUID, where the server has several; empty for none
 * @param sealing undefined for a link whose parameters everybody can read
 */
export function integrationLink(
	baseUrl: string,
	organization: string,
	content: LinkContent,
	sealing?: LinkSealing,
): string {
	const segment = organization === '' ? '' : `/${encodeURIComponent(organization)}`;
	const address = `${baseUrl}/WebClient${segment}/Integration`;
	const parameters = parametersOf(content);
	if (sealing === undefined) {
		const query = parameters.map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
		return `${address}?${query.join('&')}`;
	}
	const text = parameters.map(([name, value]) => `${name}=${value}`).join('&');
	return `${address}?ep=${encryptParameters(text, sealing.passphrase, sealing.cipher)}`;
}

function parametersOf(content: LinkContent): Array<[name: string, value: string]> {
	const { view, fileCabinetId, isTray, documentId, query = '', resultListId, validUntil } = content;
	const all: Array<[string, string | undefined]> = [
		['p', view],
		['lct', content.loginToken],
		[isTray ? 'scid' : 'fc', fileCabinetId],
		['did', documentId === undefined ? undefined : String(documentId)],
		['rl', resultListId],
		['q', query === '' ? undefined : linkBase64(Buffer.from(query, 'utf8'))],
		['vu', validUntil === undefined ? undefined : utcSeconds(validUntil)],
	];
	return all.filter((one): one is [string, string] => one[1] !== undefined && one[1] !== '');
}

function utcSeconds(time: number): string {
	return new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');
}
