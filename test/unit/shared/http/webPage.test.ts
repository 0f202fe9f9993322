import { isHtml, isWebPage, serviceText } from '../../../../nodes/shared/http';

const XHTML =
	'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">\n<html xmlns="http://www.w3.org/1999/xhtml"><body>Log in</body></html>';

describe('a text is a page', () => {
	it.each([
		'<!DOCTYPE html><p>Log in',
		'<html>',
		'<HTML lang="en"><BODY>Log in</BODY></HTML>',
		'\n\t <body>Log in</body>',
		'\uFEFF<!doctype html><html></html>',
		'<script>location = "/login"</script>',
		'<meta http-equiv="refresh" content="0;url=/login">',
		'<title>Log in</title>',
		'<link rel="stylesheet" href="x.css"><h1>Blocked</h1>',
		'<style>p{}</style><center>502</center>',
		'<!-- a --><!-- b -->\n<!--[if IE]><p><![endif]--><h1>Blocked</h1>',
		'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"></html>',
		'<br>Blocked',
		'<html xmlns:og="http://ogp.me/ns#">',
		XHTML,
	])('%j', (text) => {
		expect(isHtml(text)).toBe(true);
		expect(isWebPage({}, text)).toBe(true);
	});
});

describe('a text is none', () => {
	it.each([
		'',
		'{"Message":"<html>"}',
		'Not <b>here</b>',
		'a < b',
		'<?xml version="1.0"?><Error><Message>No.</Message></Error>',
		'<?xml version="1.0"?><title>Of a book</title>',
		'<Document xmlns="http://dev.docuware.com/schema/public/services/platform" Id="1" />',
		'<Section Id="1"/>',
		'<Link xmlns="http://dev.docuware.com/schema/public/services" rel="self" />',
		'<Table xmlns:s="http://dev.docuware.com/schema/public/services" />',
		'<!DOCTYPE eExact><eExact></eExact>',
		'<eExact xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"></eExact>',
		'<!-- never closed <html>',
		'<',
	])('%j', (text) => {
		expect(isHtml(text)).toBe(false);
	});
});

describe('an answer is a page', () => {
	const html = { 'content-type': 'text/html; charset=utf-8' };

	it('by what it is called', () => {
		expect(isWebPage(html, 'Blocked by policy')).toBe(true);
		expect(isWebPage({ 'content-type': 'application/xhtml+xml' }, '<x/>')).toBe(true);
	});

	it('by how it begins, whatever it is called', () => {
		for (const type of ['text/plain', 'application/json', 'application/octet-stream']) {
			expect(isWebPage({ 'content-type': type }, '<!doctype html><html>')).toBe(true);
		}
	});

	it('not where a server calls its JSON or nothing at all so', () => {
		expect(isWebPage(html, '{"Id": 1}')).toBe(false);
		expect(isWebPage(html, 'null')).toBe(false);
		expect(isWebPage(html, ' \r\n')).toBe(false);
	});

	it('not where it is a file', () => {
		const file = { ...html, 'content-disposition': 'attachment; filename=a.html' };
		expect(isWebPage(file, '<html>')).toBe(false);
	});
});

it('takes as long as a text is long, whatever stands in it', () => {
	for (const part of ['<!--', '<?', '<!-- -->', '<!doctype ', ' ', '<?x?>']) {
		expect(typeof isHtml(part.repeat(200_000))).toBe('boolean');
	}
});

it('the words of any page are those that a reader would see', () => {
	expect(serviceText('<script>var a = 1;</script><title>x</title><h1>Blocked</h1>')).toBe(
		'x Blocked',
	);
	expect(serviceText('\uFEFF<!-- a --><!-- b --><center>502 Bad Gateway</center>')).toBe(
		'502 Bad Gateway',
	);
});
