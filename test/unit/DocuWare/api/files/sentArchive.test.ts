import { storeDocument } from '../../../../../nodes/DocuWare/api/files/storeDocument';
import { PlatformClient } from '../../../../../nodes/DocuWare/api/platformClient';
import { ConnectorError } from '../../../../../nodes/shared/errors';
import { FakeSession, type FakeAnswer } from '../../resources/support/fakeSession';

/** Stores two files of 700 bytes as one archive; what the answer to it tells. */
async function storeTwo(told: object): Promise<{ outcome: unknown; archiveSize: number }> {
	const answer: FakeAnswer = { body: { Id: 4711, ...told } };
	const session = new FakeSession([answer]);
	const files = ['a.txt', 'b.txt'].map((fileName) => {
		const content = Buffer.alloc(700, 'x');
		return { fileName, mediaType: 'text/plain', content, size: content.length };
	});
	const outcome: unknown = await storeDocument(new PlatformClient(session), {
		path: 'FileCabinets/c/Documents',
		query: [],
		indexData: '{"Fields":[]}',
		files,
		modifiedAt: undefined,
		partsAbove: 1_000,
		signal: undefined,
	}).catch((error: unknown) => error);
	return { outcome, archiveSize: Number(session.requests[0]?.headers?.['X-File-Size']) };
}

describe('several files that are sent as one archive', () => {
	it.each([
		{},
		{ FileSize: 1_400 },
		{ FileSize: 1_400, SectionCount: 2 },
		{ SectionCount: 0, Sections: [{ Id: '1-1' }, { Id: '2-1' }] },
	])('are stored where the document is one of each of them, or does not tell: %j', async (told) => {
		const { outcome, archiveSize } = await storeTwo(told);
		expect(archiveSize).toBeGreaterThan(1_400);
		expect(outcome).toMatchObject({ Id: 4711 });
	});

	// Red before: without a count of sections an archive that was kept as it is was a success.
	it.each([
		[(size: number) => ({ FileSize: size, SectionCount: 1 }), 'has 1 file instead of 2'],
		[() => ({ Sections: [{ Id: '1-1' }] }), 'has 1 file instead of 2'],
		[(size: number) => ({ FileSize: size }), 'is that archive, not 2 files'],
		[(size: number) => ({ FileSize: size, SectionCount: 0 }), 'is that archive, not 2 files'],
	])('are no success where the server keeps it as it is: %#', async (tell, message) => {
		const { archiveSize } = await storeTwo({});
		const { outcome } = await storeTwo(tell(archiveSize));
		expect(outcome).toBeInstanceOf(ConnectorError);
		expect(outcome).toMatchObject({
			code: 'DOCUWARE_UPLOAD_INCOMPLETE',
			message: expect.stringContaining(message),
			repair: expect.stringContaining('this server does not take archives apart'),
		});
	});
});
