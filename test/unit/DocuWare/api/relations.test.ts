import { PlatformClient } from '../../../../nodes/DocuWare/api/platformClient';
import {
	addressBelow,
	addressIn,
	type Asker,
	type Below,
} from '../../../../nodes/DocuWare/api/relations';
import { RunMemory } from '../../../../nodes/DocuWare/api/runMemory';
import { FakeSession, type FakeAnswer } from '../resources/support/fakeSession';

function askerOf(answers: FakeAnswer[]): Asker & { asked: () => string[] } {
	const session = new FakeSession(answers);
	const client = new PlatformClient(session);
	const asked = () => session.requests.map(({ url }) => url.split('/Platform/')[1] ?? '');
	return { client, memory: new RunMemory(), signal: undefined, asked };
}

const fieldsOf = (id: number): Below => ({
	owner: `FileCabinets/c/Documents/${id}`,
	...{ kind: 'documents of c', rel: 'fields' },
	usual: `FileCabinets/c/Documents/${id}/Fields`,
});

// Red before: the second failed with the error of the first.
it('of two documents at a time, the one that is not there does not stop the other', async () => {
	const asker = askerOf([{ status: 404, body: { Message: 'Gone.' } }, { body: {} }]);
	const [gone, other] = await Promise.allSettled([
		addressBelow(asker, fieldsOf(1)),
		addressBelow(asker, fieldsOf(2)),
	]);
	expect(gone).toMatchObject({ status: 'rejected', reason: { code: 'DOCUWARE_NOT_FOUND' } });
	expect(other).toMatchObject({
		status: 'fulfilled',
		value: { pathname: '/DocuWare/Platform/FileCabinets/c/Documents/2/Fields' },
	});
});

const linksTo = (...hrefs: Array<[rel: string, href: string]>): FakeAnswer => ({
	body: { Links: hrefs.map(([rel, href]) => ({ rel, href })) },
});

it('the first one of its kind is read once, whichever of its links are asked for', async () => {
	const asker = askerOf([
		linksTo(['fields', '/DocuWare/Platform/new/1/Fields'], ['Sections', '/DocuWare/Platform/s/1']),
	]);
	const sections = { ...fieldsOf(1), rel: 'sections', usual: 'FileCabinets/c/Sections' };
	const found = [await addressBelow(asker, fieldsOf(1)), await addressBelow(asker, sections)];
	expect(found.map(({ pathname }) => pathname)).toEqual([
		'/DocuWare/Platform/new/1/Fields',
		'/DocuWare/Platform/s/1',
	]);
	expect(asker.asked()).toEqual(['FileCabinets/c/Documents/1']);
});

it('others of the kind are read too where the first one is elsewhere than usual', async () => {
	const asker = askerOf([
		linksTo(['fields', '/DocuWare/Platform/new/1/Fields']),
		linksTo(['fields', '/DocuWare/Platform/new/2/Fields']),
	]);
	await addressBelow(asker, fieldsOf(1));
	const second = await addressBelow(asker, fieldsOf(2));
	expect(second.pathname).toBe('/DocuWare/Platform/new/2/Fields');
});

it.each([
	'https://docuware.inside.invalid/DocuWare/Platform/FileCabinets/c/Documents/1/Fields',
	'https://acme.docuware.cloud.evil.invalid/DocuWare/Platform/x',
	'https://user:secret@acme.docuware.cloud/DocuWare/Platform/x',
	'//inside.invalid/x',
	'http://[broken',
])('a link to another server counts as none: %s', async (href) => {
	const asker = askerOf([linksTo(['fields', href])]);
	const usual = '/DocuWare/Platform/FileCabinets/c/Documents/1/Fields';
	const below = await addressBelow(asker, fieldsOf(1));
	const resource = { Links: [{ rel: 'fields', href }] };
	const known = addressIn(asker.client, resource, fieldsOf(1));
	for (const url of [below, known]) {
		expect(url.href).toBe(`https://acme.docuware.cloud${usual}`);
	}
});

it('what others can do without is looked for at the usual path where there is no such resource', async () => {
	for (const status of [403, 404]) {
		const asker = askerOf([{ status, body: { Message: 'No.' } }]);
		const url = await addressBelow(asker, { ...fieldsOf(1), isOptional: true });
		expect(url.pathname).toBe('/DocuWare/Platform/FileCabinets/c/Documents/1/Fields');
	}
});
