import { Readable } from 'node:stream';
import { isTaken } from '../../../../../nodes/DocuWare/auth/wire/sessionProbe';

const PAGE = '<!-- blocked --><html><body>Blocked.</body></html>';

function answer(body: unknown, headers: Record<string, string> = {}, status = 200) {
	return { status, headers, body };
}

describe('an answer that a session has brought', () => {
	it.each([
		['data', answer('{"Organization":[]}', { 'content-type': 'application/json' })],
		['nothing', answer('', {}, 204)],
		['a document that is a page', answer(PAGE, { 'content-disposition': 'attachment' })],
		['a file', answer(Readable.from([PAGE]), { 'content-type': 'application/pdf' })],
	])('is taken where it is %s', (_what, taken) => {
		expect(isTaken(taken)).toBe(true);
	});

	it.each([
		['a page', answer(PAGE, { 'content-type': 'text/html' })],
		['a page that tells no type', answer(PAGE)],
		['a page that calls itself data', answer(PAGE, { 'content-type': 'application/json' })],
		['an empty page', answer('', { 'content-type': 'text/html' })],
		['a page in parts', answer(Readable.from([PAGE]), { 'content-type': 'text/html' })],
		['a refusal', answer('{"Message":"No."}', {}, 403)],
	])('is not taken where it is %s', (_what, shown) => {
		expect(isTaken(shown)).toBe(false);
	});
});
