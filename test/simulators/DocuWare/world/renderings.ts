import { Buffer } from 'node:buffer';

/** A picture of one pixel, for thumbnails and stamps. */
export const tinyPng = Buffer.from(
	'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M/wHwAEBgIApD5fRAAAAABJRU5ErkJggg==',
	'base64',
);

/** A PDF of one page that shows lines of text; what a server makes of a file that is none. */
export function pdfOf(lines: readonly string[]): Buffer {
	const text = lines.map((line) => `(${escaped(line)}) Tj T*`).join('\n');
	const stream = `BT /F1 12 Tf 14 TL 72 770 Td\n${text}\nET`;
	const objects = [
		'<< /Type /Catalog /Pages 2 0 R >>',
		'<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
		'<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
		`<< /Length ${Buffer.byteLength(stream, 'latin1')} >>\nstream\n${stream}\nendstream`,
		'<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
	];
	let body = '%PDF-1.4\n';
	const offsets = objects.map((object, index) => {
		const at = Buffer.byteLength(body, 'latin1');
		body += `${index + 1} 0 obj\n${object}\nendobj\n`;
		return at;
	});
	const start = Buffer.byteLength(body, 'latin1');
	const table = offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
	body += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}`;
	body += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
	return Buffer.from(body, 'latin1');
}

/** Text in a PDF's parentheses; what the font has no letter for becomes a question mark. */
function escaped(line: string): string {
	return line.replace(/[^\x20-\xff]/g, '?').replace(/[\\()]/g, '\\$&');
}
