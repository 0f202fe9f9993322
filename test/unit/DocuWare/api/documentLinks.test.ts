import { cabinetLink, documentLink } from '../../../../nodes/DocuWare/api/documentLinks';
import { PlatformClient } from '../../../../nodes/DocuWare/api/platformClient';
import { FakeSession } from '../resources/support/fakeSession';

const client = new PlatformClient(new FakeSession());
const elsewhere = (rel: string) => ({ Links: [{ rel, href: 'https://inside.invalid/x' }] });
const document = (rel: string) => ({ cabinetId: 'c', documentId: 7, resource: elsewhere(rel) });

it('a link to another server gives way to the path that is known', () => {
	expect(documentLink(client, document('lock'), 'lock').href).toBe(
		'https://acme.docuware.cloud/DocuWare/Platform/FileCabinets/c/Documents/7/Lock',
	);
	expect(cabinetLink(client, 'c', elsewhere('transfer'), 'transfer').href).toBe(
		'https://acme.docuware.cloud/DocuWare/Platform/FileCabinets/c/Task/Transfer',
	);
});

it('where no path is known it is an error, and nothing goes there', () => {
	expect(() => documentLink(client, document('versionHistory'), 'versionHistory')).toThrow(
		expect.objectContaining({ code: 'DOCUWARE_FOREIGN_HOST' }),
	);
	expect(() => documentLink(client, document('other'), 'versionHistory')).toThrow(
		expect.objectContaining({ code: 'DOCUWARE_NOT_OFFERED' }),
	);
});
