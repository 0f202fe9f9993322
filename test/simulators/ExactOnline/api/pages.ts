import { htmlAnswer, textAnswer, type Answer } from '../../shared/answers';
import { GUID_PATTERN } from '../odata/edm';
import { findAttachment } from '../world/attachments';
import type { Caller } from './access';
import type { ApiContext, ApiRequest } from './apiEndpoint';
import { downloadXml, uploadXml } from './xmlPages';

/** The pages below `/docs/` that take the bearer token (docs/facts/exact-online.md 4.8, 7.2). */
export function answerPage(request: ApiRequest, caller: Caller, context: ApiContext): Answer {
	switch (caller.path.endpoint) {
		case 'docs/SysAttachment.aspx':
			return downloadAttachment(request, caller, context);
		case 'docs/XMLDownload.aspx':
			return downloadXml(request, caller, context);
		case 'docs/XMLUpload.aspx':
			return uploadXml(request, caller, context);
		default:
			return textAnswer(404, 'Not Found');
	}
}

/** The bytes of an attachment, if `Download=1` asks for them instead of the page that shows it. */
function downloadAttachment(
	{ method, query }: ApiRequest,
	{ context: { user } }: Caller,
	{ world }: ApiContext,
): Answer {
	if (method !== 'GET') return textAnswer(405, 'Method Not Allowed');
	const id = (query.get('ID') ?? '').replace(/[{}]/g, '').toLowerCase();
	const attachment = GUID_PATTERN.test(id) ? findAttachment(world, user.divisions, id) : undefined;
	if (!attachment) return textAnswer(404, 'Not Found');
	if (query.get('Download') !== '1')
		return htmlAnswer(200, '<html><body>Exact Online</body></html>');
	const name = String(attachment['FileName'] ?? '');
	return {
		status: 200,
		headers: {
			'content-type': 'application/octet-stream',
			'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
		},
		body: Buffer.from(String(attachment['Attachment'] ?? ''), 'base64'),
	};
}
