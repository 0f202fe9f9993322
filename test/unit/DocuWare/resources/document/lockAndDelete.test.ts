import { FakeSession } from '../support/fakeSession';
import { runOperation } from '../support/runOperation';
import {
	at,
	CABINET_READ,
	DOCUMENT,
	documentWith,
	ofDocument,
	place,
	runDocument as run,
} from './support/runDocument';

describe('Delete', () => {
	it('says what it did', async () => {
		const { rows, sent } = await run('delete', [{ body: '' }]);
		expect(sent.map(({ call }) => call)).toEqual([`DELETE ${at('Documents/18')}`]);
		expect(rows).toEqual([{ json: { deleted: true, ...place } }]);
	});

	it('is an error for a document that is not there, or says so where that is wanted', async () => {
		const missing = { status: 404, body: { Message: 'No document 18.' } };
		await expect(run('delete', [missing])).rejects.toMatchObject({ code: 'DOCUWARE_NOT_FOUND' });
		const options = { ...ofDocument, options: { ifNone: 'goOn' } };
		const goOn = await run('delete', [missing, CABINET_READ], options);
		expect(goOn.rows).toEqual([{ json: { deleted: false, ...place } }]);
		// Where the file cabinet is not there either, nothing is known of the document.
		await expect(run('delete', [missing, missing], options)).rejects.toMatchObject({
			code: 'DOCUWARE_NOT_FOUND',
		});
	});
});

describe('Lock and Unlock', () => {
	it('lock for a time and a purpose, by the link of the document', async () => {
		const linked = documentWith({ lock: `/DocuWare/Platform/Locks/18` });
		const { last, rows } = await run('lock', [linked, { body: 'ok' }], {
			...ofDocument,
			lockMinutes: 90,
			options: { purpose: ' approval ' },
		});
		expect(last).toMatchObject({
			call: 'POST Locks/18',
			body: { Interval: '01:30:00', Operation: 'approval' },
		});
		expect(rows).toEqual([{ json: { locked: true, ...place, minutes: 90 } }]);
	});

	it('take the lock away', async () => {
		const { last, rows } = await run('unlock', [DOCUMENT, { body: '' }]);
		expect(last?.call).toBe(`DELETE ${at('Documents/18/Lock')}`);
		expect(rows).toEqual([{ json: { unlocked: true, ...place } }]);
		const options = { ...ofDocument, options: { purpose: 'approval' } };
		const named = await run('unlock', [DOCUMENT, { body: '' }], options);
		expect(named.last).toMatchObject({ body: { Operation: 'approval' } });
	});

	it('say that somebody else holds it', async () => {
		const held = { status: 423, body: { Message: 'Locked by Peggy Jenkins.' } };
		await expect(run('lock', [DOCUMENT, held])).rejects.toMatchObject({
			code: 'DOCUWARE_LOCKED',
			message: expect.stringContaining('Locked by Peggy Jenkins.'),
		});
	});

	it.each([0, 1.5, '', 'long'])('lock for no time such as %j', async (lockMinutes) => {
		await expect(run('lock', [], { ...ofDocument, lockMinutes })).rejects.toMatchObject({
			code: 'DOCUWARE_INVALID_PARAMETER',
		});
	});
});

it('nothing is sent for a document that is not there, or out of reach', async () => {
	for (const [status, code] of [
		[404, 'DOCUWARE_NOT_FOUND'],
		[403, 'DOCUWARE_FORBIDDEN'],
	] as const) {
		const session = new FakeSession([{ status, body: { Message: 'No.' } }]);
		const parameters = { resource: 'document', operation: 'unlock', ...ofDocument };
		await expect(runOperation(session, { parameters })).rejects.toMatchObject({ code });
		expect(session.requests.map(({ method }) => method)).toEqual(['GET']);
	}
});

it('a link to another server gets no session: the known path is asked in its place', async () => {
	const foreign = documentWith({ lock: 'https://evil.example/Lock' });
	const { last } = await run('lock', [foreign, { body: '' }]);
	expect(last?.call).toBe(`POST ${at('Documents/18/Lock')}`);
});
