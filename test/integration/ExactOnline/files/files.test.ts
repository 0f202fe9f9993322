import { randomBytes } from 'node:crypto';
import type { IBinaryData, IDataObject } from 'n8n-workflow';
import { createAccessTokenSource } from '../../../../nodes/ExactOnline/auth/nodeAccessTokenSource';
import { locator } from '../../../support/n8nContext';
import { useDocuments } from '../documents/support/documentBench';

jest.mock('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource', () => ({
	...jest.requireActual<object>('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource'),
	createAccessTokenSource: jest.fn(),
}));

const bench = useDocuments();

beforeEach(() => {
	jest.mocked(createAccessTokenSource).mockImplementation(async () => await bench.source());
});

/** An item with a file. */
function withFile(content: Buffer, fileName: string) {
	const data: IBinaryData = {
		data: content.toString('base64'),
		mimeType: 'application/pdf',
		fileName,
	};
	return { items: [{ json: {}, binary: { data } }] };
}

const asTool = { nodeType: 'n8n-nodes-exactonline-docuware.exactOnlineTool' };

const asJson = (values: IDataObject) => ({ dataMode: 'json', json: JSON.stringify(values) });

it('a document with a file goes up, and the file comes down as it was', async () => {
	const content = randomBytes(2_000_001);
	const [made] = await bench.run(
		{
			resource: 'document',
			operation: 'upload',
			...asJson({ Subject: 'Letter', Type: 55, Account: '1000' }),
		},
		[],
		withFile(content, 'Brief über Öl.pdf'),
	);
	const { recordId, attachmentId } = made?.json ?? {};
	expect(made?.json).toMatchObject({ created: true, fileName: 'Brief über Öl.pdf' });
	const [attachment] = bench.rows('documents/DocumentAttachments');
	expect(attachment).toMatchObject({ ID: attachmentId, Document: recordId });
	const [file] = await bench.run({
		resource: 'documentAttachment',
		operation: 'download',
		record: locator(String(attachmentId), 'id'),
	});
	expect(file?.binary?.data).toMatchObject({ fileName: 'Brief über Öl.pdf' });
	expect(Buffer.from(file?.binary?.data?.data ?? '', 'base64').equals(content)).toBe(true);
	expect(file?.json).toMatchObject({ recordId: attachmentId, FileSize: content.length });
	const { apiCalls } = bench.simulator.counters;
	const [told] = await bench.run(
		{
			resource: 'documentAttachment',
			operation: 'download',
			record: locator(String(attachmentId), 'id'),
		},
		[{}],
		asTool,
	);
	expect(told?.json).toMatchObject({ recordId: attachmentId, FileSize: content.length });
	expect(told?.binary).toBeUndefined();
	expect(bench.simulator.counters.apiCalls).toBe(apiCalls + 1);
});

it('a file is added to a document that exists; one that is too large is refused unsent', async () => {
	const values = asJson({ Subject: 'Letter', Type: 55 });
	const [made] = await bench.run({ resource: 'document', operation: 'create', ...values });
	const upload = {
		resource: 'documentAttachment',
		operation: 'upload',
		document: locator(String(made?.json.recordId), 'id'),
	};
	const [small] = await bench.run(upload, [], withFile(Buffer.from('abcd'), 'a.txt'));
	expect(small?.json).toMatchObject({ created: true, document: made?.json.recordId });
	const before = bench.requests('POST', 'documents/DocumentAttachments');
	const large = bench.run(upload, [], withFile(Buffer.alloc(9_600_000), 'large.bin'));
	await expect(large).rejects.toThrow(/9\.6 MB.*at most 9\.5 MB.*\[EXACT_TOO_LARGE\]/);
	expect(bench.requests('POST', 'documents/DocumentAttachments')).toBe(before);
	// Where Exact counts what is sent, its refusal says which limit was believed.
	bench.simulator.configure({ bodyLimitMB: 9.5 });
	const doubtful = bench.run(upload, [], withFile(Buffer.alloc(8_000_000), 'doubtful.bin'));
	await expect(doubtful).rejects.toThrow(/limit of 9\.5 MB was believed.*\[EXACT_TOO_LARGE\]/);
	expect(bench.requests('POST', 'documents/DocumentAttachments')).toBe(before + 1);
});

// Red before: the document was made, and then Exact was sent an attachment without content.
it('a file without content is refused before anything is made', async () => {
	const empty = withFile(Buffer.alloc(0), 'empty.pdf');
	const letter = asJson({ Subject: 'Letter', Type: 55 });
	const refused = /empty\.pdf in data is empty.*Nothing was sent.*\[EXACT_INVALID_VALUE\]/;
	const made = bench.run({ resource: 'document', operation: 'upload', ...letter }, [], empty);
	await expect(made).rejects.toThrow(refused);
	const added = bench.run(
		{
			...{ resource: 'documentAttachment', operation: 'upload' },
			document: locator('3fa85f64-5717-4562-b3fc-2c963f66afa6', 'id'),
		},
		[],
		empty,
	);
	await expect(added).rejects.toThrow(refused);
	expect(bench.requests('POST', 'documents/Documents')).toBe(0);
	expect(bench.requests('POST', 'documents/DocumentAttachments')).toBe(0);
});

// Red before: only Upload looked at the size.
it('base64 in a field is refused unsent as well, and a refusal says which limit was believed', async () => {
	const letter = asJson({ Subject: 'Letter', Type: 55 });
	const [made] = await bench.run({ resource: 'document', operation: 'create', ...letter });
	const attach = (megabytes: number, more: IDataObject) => {
		const Attachment = Buffer.alloc(megabytes * 1_000_000).toString('base64');
		const values = asJson({ Document: made?.json.recordId, FileName: 'a.bin', Attachment });
		return bench.run({ operation: 'create', ...values, ...more });
	};
	const own = { resource: 'documentAttachment' };
	const other = {
		resource: 'otherEndpoint',
		endpoint: locator('documents/DocumentAttachments'),
	};
	const before = bench.requests('POST', 'documents/DocumentAttachments');
	const refused = /a\.bin has 9\.6 MB.*at most 9\.5 MB.*\[EXACT_TOO_LARGE\]/;
	await expect(attach(9.6, own)).rejects.toThrow(refused);
	await expect(attach(9.6, other)).rejects.toThrow(refused);
	const written = bench.run({
		...{ resource: 'customApiCall', operation: 'call', method: 'POST' },
		path: 'documents/DocumentAttachments',
		body: JSON.stringify({
			FileName: 'a.bin',
			Attachment: Buffer.alloc(9_600_000).toString('base64'),
		}),
	});
	await expect(written).rejects.toThrow(refused);
	expect(bench.requests('POST', 'documents/DocumentAttachments')).toBe(before);
	bench.simulator.configure({ bodyLimitMB: 9.5 });
	await expect(attach(8, own)).rejects.toThrow(
		/limit of 9\.5 MB was believed.*\[EXACT_TOO_LARGE\]/,
	);
	const [small] = await attach(1, own);
	expect(small?.json).toMatchObject({ created: true });
	const empty = asJson({ Document: made?.json.recordId, FileName: 'a.bin' });
	const missing = bench.run({ operation: 'create', ...own, ...empty });
	await expect(missing).rejects.toThrow('needs a value for Attachment');
});

it('an invoice that was printed gives its PDF, one that was not says so', async () => {
	const lines = [{ Item: 'ART-001', Quantity: 1 }];
	const [made] = await bench.run({
		resource: 'salesInvoice',
		operation: 'create',
		...asJson({ OrderedBy: '1000', Journal: '70', SalesInvoiceLines: lines }),
	});
	const record = locator(String(made?.json.recordId), 'id');
	const pdf = { resource: 'salesInvoice', operation: 'downloadPdf', record };
	await expect(bench.run(pdf)).rejects.toThrow('has no PDF');
	const print = { resource: 'salesInvoice', operation: 'printOrSend', record };
	const [printed] = await bench.run(print);
	expect(printed?.json.recordId).toBe(made?.json.recordId);
	const [file] = await bench.run(pdf);
	const content = Buffer.from(file?.binary?.data?.data ?? '', 'base64').toString();
	expect(content.startsWith('%PDF-')).toBe(true);
	const [told] = await bench.run(pdf, [{}], asTool);
	expect(told).toMatchObject({ json: file?.json });
	expect(told?.binary).toBeUndefined();
	await expect(bench.run(print)).rejects.toThrow('[EXACT_DONE_ALREADY]');
});
