import { createHmac } from 'node:crypto';

/** What of a webhook of DocuWare a test says; the body is sent as it stands here. */
export interface WebhookCall {
	/** JSON as the template in DocuWare makes it, with blanks and line feeds. */
	body: string | Buffer;
	/** What is signed: the minified body. */
	signed: string | Buffer;
	passphrase: string;
}

/** Sends a webhook as DocuWare does (docs/facts/docuware.md 8.3). */
export async function sendWebhook(
	url: string,
	{ body, signed, passphrase }: WebhookCall,
): Promise<Response> {
	return await post(url, body, { 'x-docuware-signature': signature(signed, passphrase) });
}

export function signature(signed: string | Buffer, passphrase: string): string {
	return createHmac('sha512', passphrase).update(signed).digest('hex');
}

export async function post(
	url: string,
	body: string | Buffer,
	headers: Record<string, string> = {},
): Promise<Response> {
	return await fetch(url, {
		method: 'POST',
		headers: { 'content-type': 'application/json', ...headers },
		body: body as string,
	});
}

/** A value as DocuWare names it in what it asks before storing. */
export interface AskedValue {
	FieldName: string;
	ItemElementName: string;
	Item: unknown;
}

/** The body of a question before storing (docs/facts/docuware.md 8.6). */
export function validationBody(values: readonly AskedValue[]): string {
	return JSON.stringify({
		TimeStamp: '2026-11-26T13:10:44.8888824Z',
		UserName: 'John Doe',
		OrganizationName: 'Peters Engineering',
		FileCabinetGuid: '8d36692d-e694-4d8c-93db-e97c98897515',
		DialogGuid: 'ac07d242-0120-4575-8722-7c5ae7286026',
		DialogType: 'Store',
		Values: values,
	});
}
