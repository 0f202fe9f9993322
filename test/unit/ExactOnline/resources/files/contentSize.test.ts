import { readEndpoint } from '../../../../../nodes/ExactOnline/catalogue/catalogue';
import { withContentsChecked } from '../../../../../nodes/ExactOnline/resources/files/contentSize';
import type { OperationCall } from '../../../../../nodes/ExactOnline/resources/operation';
import { ConnectorError } from '../../../../../nodes/shared/errors';

const GERMANY = 'https://start.exactonline.de';
const BELGIUM = 'https://start.exactonline.be';

const base64Of = (megabytes: number) => Buffer.alloc(megabytes * 1_000_000).toString('base64');

/** What becomes of a body, whether it was sent, and the hints. */
async function check(path: string, body: Record<string, unknown>, baseUrl = GERMANY) {
	const hints: string[] = [];
	let isSent = false;
	const call = {
		context: { addExecutionHints: ({ message }: { message: string }) => hints.push(message) },
		source: { baseUrl },
	} as unknown as OperationCall;
	const send = async () => {
		isSent = true;
		return await Promise.resolve('sent');
	};
	const error: unknown = await withContentsChecked(call, readEndpoint(path), body, send).then(
		() => undefined,
		(thrown: unknown) => thrown,
	);
	return { hints, isSent, error };
}

// Red before: only Upload looked at the size.
it.each([
	['documents/DocumentAttachments', { FileName: 'a.pdf', Attachment: base64Of(9.6) }, 'a.pdf'],
	[
		'mailbox/MailMessageAttachments',
		{ AttachmentFileName: 'b.pdf', Attachment: base64Of(9.6) },
		'b.pdf',
	],
	['crm/Accounts', { Name: 'Acme', Logo: base64Of(9.6) }, 'Logo'],
	['crm/Contacts', { PictureName: 'c.png', Picture: base64Of(9.6) }, 'c.png'],
])('the content of %s is refused unsent where it is too large', async (path, body, name) => {
	const { isSent, error } = await check(path, body);
	expect(isSent).toBe(false);
	expect(error).toMatchObject({
		code: 'EXACT_TOO_LARGE',
		message: `The file ${name} has 9.6 MB. Exact Online takes at most 9.5 MB here. Nothing was sent.`,
	});
});

it.each([
	[7.1, GERMANY, 0],
	[9.5, GERMANY, 1],
	[10, BELGIUM, 0],
	[38, BELGIUM, 1],
])('%d MB go to %s with %d warnings', async (megabytes, baseUrl, warnings) => {
	const body = { FileName: 'a.pdf', Attachment: base64Of(megabytes) };
	const { isSent, hints, error } = await check('documents/DocumentAttachments', body, baseUrl);
	expect({ isSent, error, warnings: hints.length }).toEqual({
		isSent: true,
		error: undefined,
		warnings,
	});
});

it('other fields and what is cleared count for nothing', async () => {
	const { isSent, hints } = await check('crm/Accounts', { Remarks: 'x'.repeat(1e7), Logo: null });
	expect({ isSent, hints }).toEqual({ isSent: true, hints: [] });
});

it('a refusal by the service says which limit was believed, where a file went along', async () => {
	const refuse = async () =>
		await Promise.reject(new ConnectorError('EXACT_TOO_LARGE', 'Too large.', { repair: 'Less.' }));
	const call = { context: {}, source: { baseUrl: GERMANY } } as unknown as OperationCall;
	const endpoint = readEndpoint('crm/Accounts');
	await expect(withContentsChecked(call, endpoint, { Logo: 'YQ==' }, refuse)).rejects.toThrow(
		/limit of 9\.5 MB was believed/,
	);
	await expect(withContentsChecked(call, endpoint, { Name: 'A' }, refuse)).rejects.toThrow(
		/^Too large\.$/,
	);
});
