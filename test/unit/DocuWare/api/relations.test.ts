import { PlatformClient } from '../../../../nodes/DocuWare/api/platformClient';
import { addressBelow, type Asker, type Below } from '../../../../nodes/DocuWare/api/relations';
import { RunMemory } from '../../../../nodes/DocuWare/api/runMemory';
import { FakeSession, type FakeAnswer } from '../resources/support/fakeSession';

function askerOf(answers: FakeAnswer[]): Asker {
	const client = new PlatformClient(new FakeSession(answers));
	return { client, memory: new RunMemory(), signal: undefined };
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
