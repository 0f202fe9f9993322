import { filesInParts } from '../../../../../nodes/DocuWare/api/files/filesInParts';

const named = (...names: string[]) =>
	names.map((fileName) => ({
		...{ fileName, mediaType: 'image/png', content: Buffer.from('x'), size: 1 },
	}));

describe('several files in parts', () => {
	it('go out in an archive, whose names the header has', () => {
		expect(filesInParts(named('a.png', 'b.png'), 1)).toMatchObject({
			sentName: 'Tar file names:a.png/b.png',
			storedSize: 2,
		});
	});

	// Red before: of attachments that are all called image001.png an archive could leave one.
	it.each([
		['two have one name', named('image001.png', 'IMAGE001.png')],
		['two have one name without folders', named('a/image001.png', 'b/image001.png')],
		['no header has room for their names', named(...Array.from({ length: 120 }, longName))],
	])('go out in one request where %s', (_why, files) => {
		expect(filesInParts(files, 1)).toBeUndefined();
	});
});

function longName(_none: unknown, index: number): string {
	return `${'x'.repeat(80)}${index}.png`;
}
