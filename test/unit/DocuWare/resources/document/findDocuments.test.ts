import { PlatformClient } from '../../../../../nodes/DocuWare/api/platformClient';
import { ConnectorError } from '../../../../../nodes/shared/errors';
import * as vaults from '../../../../../nodes/shared/vault/place/openVault';
import type { Vault } from '../../../../../nodes/shared/vault/vault';
import * as subjectLease from '../../../../../nodes/shared/vault/subjectLease';
import {
	findDocuments,
	underMatchLease,
} from '../../../../../nodes/DocuWare/resources/document/findDocuments';
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

describe('a document that another run stores', () => {
	const match = {
		fileCabinetId: CABINET,
		expression: { operation: 'And' as const, groups: [] },
		texts: new Map<string, string>(),
		keywords: new Map<string, string[]>(),
		subject: 'Peters',
	};
	const leaseTimeout = new ConnectorError(
		'VAULT_LEASE_TIMEOUT',
		'Another process held the lease.',
		{
			repair: 'Run again.',
			retryable: true,
		},
	);

	beforeEach(() => void jest.spyOn(vaults, 'openVault').mockResolvedValue({} as Vault));

	afterEach(() => void jest.restoreAllMocks());

	it('is waited for ten minutes, and then the error says what to do', async () => {
		const lease = jest.spyOn(subjectLease, 'underSubjectLease').mockRejectedValue(leaseTimeout);
		const call = { session: new FakeSession(), signal: undefined };
		await expect(underMatchLease(call, match, async () => 1)).rejects.toMatchObject({
			code: 'VAULT_LEASE_TIMEOUT',
			message: expect.stringContaining('Fields to Match'),
			repair: expect.stringContaining('Retry On Fail'),
			retryable: true,
		});
		expect(lease.mock.calls[0]?.[1]).toMatchObject({ waitMs: 600_000 });
	});

	it('that failed by itself under the lease, fails with its own error', async () => {
		jest
			.spyOn(subjectLease, 'underSubjectLease')
			.mockImplementation(async (_v, _s, _g, work) => await work());
		const call = { session: new FakeSession(), signal: undefined };
		const failing = underMatchLease(call, match, async () => await Promise.reject(leaseTimeout));
		await expect(failing).rejects.toBe(leaseTimeout);
	});
});
