import { Readable } from 'node:stream';
import type { IExecuteFunctions } from 'n8n-workflow';
import { binaryOutput } from '../../../../nodes/shared/node/binaryOutput';
import { executeContext } from '../../../support/n8nContext';

const headers = {
	'content-type': 'application/pdf',
	'content-disposition': 'attachment; filename="a.pdf"',
};

it('a file comes out under its name and type', async () => {
	const { context } = executeContext();
	const body = Readable.from([Buffer.from('%PDF')]);
	const data = Buffer.from('%PDF').toString('base64');
	await expect(binaryOutput(context, { body, headers }, 'file')).resolves.toEqual({
		file: { data, fileName: 'a.pdf', mimeType: 'application/pdf' },
	});
});

// Red before: the stream stayed open, and with it the connection to the service.
it('a stream is closed where the store fails before it has read it', async () => {
	const full = async () => await Promise.reject(new Error('no space left'));
	const context = { helpers: { prepareBinaryData: full } } as unknown as IExecuteFunctions;
	const body = new Readable({ read: () => undefined });
	await expect(binaryOutput(context, { body, headers }, 'file')).rejects.toThrow('no space left');
	expect(body.destroyed).toBe(true);
	const bytes = { body: Buffer.from('a'), headers };
	await expect(binaryOutput(context, bytes, 'file')).rejects.toThrow('no space left');
});
