import { PlatformClient } from '../../../../../nodes/DocuWare/api/platformClient';
import { findDocuments } from '../../../../../nodes/DocuWare/resources/document/findDocuments';
import { FakeSession } from '../support/fakeSession';
import { CABINET, found } from './support/runDocument';

it('an existing document is looked for among those that are checked out, too', async () => {
	const session = new FakeSession([found(18), found()]);
	const match = {
		fileCabinetId: CABINET,
		expression: {
			operation: 'And' as const,
			groups: [[{ DBName: 'COMPANY', Value: ['"Peters"'] }]],
		},
		texts: new Map<string, string>(),
		keywords: new Map<string, string[]>(),
		subject: 'Peters',
	};
	const client = new PlatformClient(session);
	const documents = await findDocuments({ client, signal: undefined }, match);
	expect(documents.map(({ Id }) => Id)).toEqual([18]);
	expect(JSON.parse(String(session.requests[0]?.body))).toMatchObject({
		FlagConditions: { IncludeCheckedOut: true, IncludeAppended: true },
	});
});
