import { ExactOnlineClient } from '../../../../nodes/ExactOnline/api/exactOnlineClient';
import { createClientState } from '../../../../nodes/ExactOnline/api/limits/clientState';
import { NodeAccessTokenSource } from '../../../../nodes/ExactOnline/auth/nodeAccessTokenSource';
import { readEndpoint } from '../../../../nodes/ExactOnline/catalogue/catalogue';
import { requestBody } from '../../../../nodes/ExactOnline/catalogue/requestBody';
import { readXmlAnswer, xmlUrl } from '../../../../nodes/ExactOnline/wire/xmlTopic';
import { isConnectorError } from '../../../../nodes/shared/errors';
import { FIRST_DIVISION } from '../../../simulators/ExactOnline';
import { READINGS, type ReadingName } from '../../../simulators/ExactOnline/readings';
import type { ExactOnlineSwitches } from '../../../simulators/ExactOnline/switches';
import type { WebhookReadingName } from '../../../simulators/ExactOnline/webhooks/webhookSwitches';
import { connect, failureOf, passTime } from '../../../support/chain/chainFixture';
import type { OpenedChain } from '../../../support/chain/chainStore';
import { useChain } from '../../../support/chain/useChain';

const bench = useChain();
let opened: OpenedChain;

beforeEach(async () => {
	opened = await bench.open();
});

type Connected = ReturnType<typeof connect>;

/** Shows that the package does as it promises; the simulator plays the reading already. */
type Scenario = () => Promise<void>;

async function token(authorization: Connected) {
	return await opened.chain.getToken(authorization, 'normal');
}

async function codeOf(work: Promise<unknown>): Promise<string> {
	return await work.then(
		() => 'done',
		(error: unknown) => (isConnectorError(error) ? error.code : String(error)),
	);
}

/** A connection in use, after `seconds`. */
async function usedFor(seconds: number): Promise<Connected> {
	const authorization = connect(bench.simulator);
	await token(authorization);
	await passTime(bench.simulator, opened, authorization, seconds);
	return authorization;
}

function clientOf(authorization: Connected): ExactOnlineClient {
	const credential = async () => await Promise.resolve(authorization);
	const source = new NodeAccessTokenSource(opened.chain, authorization, credential);
	return new ExactOnlineClient(source, { state: createClientState(), credentialId: 'c' });
}

function accounts(query: Record<string, string | number> = {}) {
	return { method: 'GET', path: 'crm/Accounts', division: FIRST_DIVISION, query } as const;
}

const CREATION = {
	method: 'POST',
	path: 'crm/Accounts',
	division: FIRST_DIVISION,
	body: { Name: 'Late' },
} as const;

const TOPIC = { topic: 'Accounts', division: FIRST_DIVISION };

/** What the messages about uploaded elements say became of them. */
async function uploadedXml(elements: string): Promise<string[]> {
	const { body } = await clientOf(await usedFor(0)).requestRaw({
		method: 'POST',
		url: xmlUrl(bench.simulator.url, 'XMLUpload', TOPIC),
		body: `<eExact><Accounts>${elements}</Accounts></eExact>`,
	});
	const answer = readXmlAnswer(body, TOPIC.topic);
	return 'problem' in answer ? [answer.problem] : answer.messages.map(({ kind }) => kind);
}

/** A pair that was issued, or was not, and did not arrive: nothing is lost, and the next window heals. */
async function withoutPair(): Promise<void> {
	const { refreshAnswer } = bench.simulator.switches;
	bench.simulator.configure({ grace: 'untilNewIsUsed' });
	const authorization = await usedFor(601);
	expect(await failureOf(token(authorization))).toMatchObject({ retryable: true });
	expect(bench.simulator.counters.refreshesGranted).toBe(
		refreshAnswer === 'gatewayFaultOnRequest' ? 0 : 1,
	);
	bench.simulator.configure({ refreshAnswer: 'pair' });
	await passTime(bench.simulator, opened, authorization, 601);
	await expect(token(authorization)).resolves.toMatchObject({ generation: 2 });
}

/** A connection whose token ends while the service works on a request. */
async function endsOnTheWay(): Promise<ExactOnlineClient> {
	const authorization = { ...connect(bench.simulator), issuedAt: null };
	await token(authorization);
	const user = bench.simulator.world.users[0]!.userId;
	bench.simulator.ageChain(authorization.clientId, user, 599.5);
	bench.simulator.configure({ apiDelayMs: 600, tokenMustOutliveRequest: true });
	return clientOf(authorization);
}

/** Those about webhooks are met by `webhooks/webhookReadings`. */
const scenarios: Record<Exclude<ReadingName, WebhookReadingName>, Scenario> = {
	refreshWindowFraction: async () => {
		const authorization = await usedFor(575);
		const { generation } = await token(authorization);
		expect(generation).toBe(1);
		await opened.chain.renewWhereDue(authorization);
		expect(bench.simulator.counters.tooEarly).toBe(1);
		await token(authorization);
		await passTime(bench.simulator, opened, authorization, 26);
		await expect(token(authorization)).resolves.toMatchObject({ generation: 2 });
		expect(bench.simulator.counters.tooEarly).toBe(1);
	},
	grace: async () => {
		const authorization = await usedFor(601);
		bench.simulator.faults.token.push({ kind: 'lostAnswer' });
		expect(await codeOf(token(authorization))).toBe('EXACT_TOKEN_IN_DOUBT');
		await passTime(bench.simulator, opened, authorization, 575);
		await expect(token(authorization)).resolves.toMatchObject({ generation: 2 });
		expect(bench.simulator.counters.graceUses).toBeGreaterThan(0);
	},
	oldTokenStatus: async () => {
		const authorization = await usedFor(0);
		connect(bench.simulator);
		await passTime(bench.simulator, opened, authorization, 601);
		expect(await codeOf(token(authorization))).toBe('EXACT_OLD_REFRESH_TOKEN');
		await failureOf(token(authorization));
		expect(bench.simulator.counters.tokenPosts).toBe(1);
	},
	replacedLogInAnswer: async () => {
		const authorization = await usedFor(0);
		connect(bench.simulator);
		await passTime(bench.simulator, opened, authorization, 601);
		expect(await failureOf(token(authorization))).toMatchObject({ code: 'EXACT_CHAIN_BROKEN' });
		expect(await codeOf(token(connect(bench.simulator)))).toBe('done');
		expect(bench.simulator.counters.tokenPosts).toBe(1);
	},
	tooEarlyStatus: async () => {
		const authorization = await usedFor(601);
		const user = bench.simulator.world.users[0]!.userId;
		bench.simulator.ageChain(authorization.clientId, user, -400);
		await expect(token(authorization)).resolves.toMatchObject({ generation: 1 });
		expect(bench.simulator.counters).toMatchObject({ tooEarly: 1, tokenPosts: 1 });
	},
	tooEarlyCheckedFirst: async () => {
		const authorization = await usedFor(601);
		connect(bench.simulator);
		// "Too early" says that the token is good, until a request shows otherwise.
		const believed = await token(authorization);
		expect(believed.generation).toBe(1);
		await failureOf(opened.chain.replaceRefused(authorization, believed, 'normal'));
		expect(await failureOf(token(authorization))).toMatchObject({ retryable: true });
		expect(bench.simulator.counters.tokenPosts).toBe(1);
		await passTime(bench.simulator, opened, authorization, 575);
		expect(await codeOf(token(authorization))).toBe('EXACT_OLD_REFRESH_TOKEN');
	},
	unknownTokenAnswer: async () => {
		const connected = connect(bench.simulator);
		const user = bench.simulator.world.users[0]!.userId;
		bench.simulator.ageChain(connected.clientId, user, 700);
		const pair = { ...connected.pair, refreshToken: 'never issued' };
		const invented = { ...connected, pair, issuedAt: Date.now() - 700_000 };
		for (let run = 0; run < 5; run += 1) await failureOf(token(invented));
		expect(bench.simulator.counters.tokenPosts).toBeLessThanOrEqual(3);
		expect(bench.simulator.counters.blockedCalls).toBe(0);
	},
	refreshAnswer: withoutPair,
	tokenCookies: async () => {
		const authorization = await usedFor(601);
		const client = clientOf(authorization);
		expect((await client.request(accounts({ $top: 1 }))).rows).toHaveLength(1);
		await passTime(bench.simulator, opened, authorization, 601);
		await expect(token(authorization)).resolves.toMatchObject({ generation: 3 });
		expect(bench.simulator.counters.requestsWithCookies).toBe(0);
	},
	tokenMustOutliveRequest: async () => {
		const client = await endsOnTheWay();
		expect((await client.request(accounts({ $top: 1 }))).rows).toHaveLength(1);
		expect(bench.simulator.counters).toMatchObject({ unauthorized: 1, refreshesGranted: 1 });
	},
	lateWriteTakesEffect: async () => {
		const client = await endsOnTheWay();
		const error = await failureOf(client.request(CREATION));
		expect(error).toMatchObject({ code: 'EXACT_UNAUTHORIZED', httpStatus: 401 });
		expect(error.message).toContain('It was not repeated.');
		const filter = { $filter: "Name eq 'Late'" };
		expect((await client.request(accounts(filter))).rows).toHaveLength(1);
	},
	unauthorizedAnswer: async () => {
		const client = clientOf(await usedFor(0));
		bench.simulator.configure({ refuseValidTokens: true });
		expect(await failureOf(client.request(accounts()))).toMatchObject({
			code: 'EXACT_UNAUTHORIZED',
			serviceMessage: 'Authentication Required',
		});
	},
	blockedStatus: async () => {
		const client = clientOf(await usedFor(0));
		bench.simulator.configure({ errorBudget: 0 });
		await failureOf(client.request(accounts({ $filter: "Nme eq 'x'" })));
		expect(await codeOf(client.request(accounts()))).toBe('EXACT_ERROR_BUDGET');
	},
	textComparison: async () => {
		const client = clientOf(await usedFor(0));
		await client.request(CREATION);
		const found = async (name: string) =>
			(await client.request(accounts({ $filter: `Name eq '${name}'` }))).rows.length;
		expect([await found('Late'), await found('LATE')]).toEqual([1, 0]);
	},
	bareArrayForTop: async () => {
		const client = clientOf(await usedFor(0));
		const { rows, next } = await client.request(accounts({ $top: 2 }));
		expect([rows.length, next]).toEqual([2, undefined]);
		expect(rows[0]).toHaveProperty('ID');
	},
	validationStatus: async () => {
		const client = clientOf(await usedFor(0));
		const refused = client.request({ ...CREATION, body: { City: 'x' } });
		expect(await codeOf(refused)).toBe('EXACT_VALIDATION');
	},
	functionEnvelope: async () => {
		const client = clientOf(await usedFor(0));
		const { rows } = await client.request({ ...accounts(), path: 'read/financial/AgingOverview' });
		expect(rows.map((row) => row['AgeGroup'])).toEqual([1, 2, 3, 4]);
	},
	insertAnswer: async () => {
		const client = clientOf(await usedFor(0));
		const { rows } = await client.request(CREATION);
		const path = `crm/Accounts(guid'${String(rows[0]?.['ID'])}')`;
		const created = await client.request({ method: 'GET', path, division: FIRST_DIVISION });
		expect(created.rows).toEqual([expect.objectContaining({ Name: 'Late' })]);
	},
	paddedCodes: async () => {
		const client = clientOf(await usedFor(0));
		const filtered = accounts({ $filter: "Country eq 'NL'", $top: 1 });
		const [account = {}] = (await client.request(filtered)).rows;
		expect(account).toHaveProperty('Country', 'NL ');
		const body = requestBody(readEndpoint('crm/Accounts'), { Country: account['Country'] }, 'PUT');
		const path = `crm/Accounts(guid'${String(account['ID'])}')`;
		const update = client.request({ method: 'PUT', path, division: FIRST_DIVISION, body });
		expect(await codeOf(update)).toBe('done');
		expect((await client.request(filtered)).rows[0]).toHaveProperty('ID', account['ID']);
	},
	readOnlyFields: async () => {
		const client = clientOf(await usedFor(0));
		const [account = {}] = (await client.request(accounts({ $top: 1 }))).rows;
		const whole = { ...account, City: 'Delft' };
		const body = requestBody(readEndpoint('crm/Accounts'), whole, 'PUT', { readOnly: 'leaveOut' });
		const path = `crm/Accounts(guid'${String(account['ID'])}')`;
		const update = client.request({ method: 'PUT', path, division: FIRST_DIVISION, body });
		expect(await codeOf(update)).toBe('done');
	},
	xmlErrorType: async () => {
		const messages = await uploadedXml('<Account code="1"><Name /></Account>');
		const { xmlErrorType } = bench.simulator.switches;
		expect(messages).toEqual([xmlErrorType === 0 ? 'error' : 'warning']);
	},
	xmlLastPage: async () => {
		const { body } = await clientOf(await usedFor(0)).requestRaw({
			method: 'GET',
			url: xmlUrl(bench.simulator.url, 'XMLDownload', TOPIC),
		});
		expect(body).toContain('ts_d=');
		expect(readXmlAnswer(body, TOPIC.topic)).toEqual({
			messages: [],
			count: expect.any(Number) as number,
		});
	},
	mandatoryFilters: async () => {
		const client = clientOf(await usedFor(0));
		expect(await codeOf(client.request(accounts()))).toBe('EXACT_MANDATORY_FILTER');
		const { rows } = await client.request(
			accounts({ $filter: "Modified ge datetime'2000-01-01'" }),
		);
		expect(rows.length).toBeGreaterThan(0);
	},
	unbalancedEntries: async () => {
		const division = FIRST_DIVISION;
		const account = bench.simulator.rows(division, 'financial/GLAccounts')[0]?.['ID'];
		const GeneralJournalEntryLines = [{ GLAccount: account, AmountFC: 10 }];
		const body = { JournalCode: '90', GeneralJournalEntryLines };
		const path = 'generaljournalentry/GeneralJournalEntries';
		const client = clientOf(await usedFor(0));
		const { rows } = await client.request({ method: 'POST', path, division, body });
		expect(rows[0]).toHaveProperty('EntryID');
	},
	creditNotes: async () => {
		const division = FIRST_DIVISION;
		const rowOf = (path: string) => bench.simulator.rows(division, path)[0];
		const SalesEntryLines = [{ GLAccount: rowOf('financial/GLAccounts')?.['ID'], AmountFC: -10 }];
		const body = { Customer: rowOf('crm/Accounts')?.['ID'], Journal: '70', SalesEntryLines };
		const path = 'salesentry/SalesEntries';
		const client = clientOf(await usedFor(0));
		await client.request({ method: 'POST', path, division, body });
		expect(rowOf(path)).toMatchObject({ Type: 20, AmountFC: -10 });
	},
	stampClock: async () => {
		const client = clientOf(await usedFor(0));
		const before = Date.now();
		const { rows } = await client.request(CREATION);
		const written = Number(/\d+/.exec(String(rows[0]?.['Modified']))?.[0]);
		expect(Math.abs(written - before)).toBeLessThan(60_000);
	},
	syncTimestamp: async () => {
		const client = clientOf(await usedFor(0));
		const date = new Date(Date.now() - 1_000).toISOString().slice(0, 19);
		const query = { modified: `datetime'${date}'`, endPoint: "'CRM/Accounts'" };
		await client.request(CREATION);
		const path = 'read/sync/Sync/SyncTimestamp';
		const { rows } = await client.request({ ...accounts(query), path });
		const made = bench.simulator
			.rows(FIRST_DIVISION, 'crm/Accounts')
			.find(({ Name }) => Name === 'Late');
		expect(Number(rows[0]?.['TimeStampAsBigInt'])).toBe(made?.['Timestamp']);
	},
	deletedLines: async () => {
		const client = clientOf(await usedFor(0));
		const division = FIRST_DIVISION;
		const idOf = (path: string) => String(bench.simulator.rows(division, path)[0]?.['ID']);
		const SalesInvoiceLines = [1, 2].map(() => ({ Item: idOf('logistics/Items') }));
		const body = { OrderedBy: idOf('crm/Accounts'), Journal: '70', SalesInvoiceLines };
		const path = 'salesinvoice/SalesInvoices';
		await client.request({ method: 'POST', path, division, body });
		const line = idOf('salesinvoice/SalesInvoiceLines');
		const deleted = `salesinvoice/SalesInvoiceLines(guid'${line}')`;
		await client.request({ method: 'DELETE', path: deleted, division });
		const { rows } = await client.request({ ...accounts(), path: 'sync/Deleted' });
		expect(rows).toEqual([expect.objectContaining({ EntityType: 13, EntityKey: line })]);
	},
	bodyLimitMB: async () => {
		const client = clientOf(await usedFor(0));
		const create = async (path: string, body: Record<string, unknown>) =>
			(await client.request({ method: 'POST', path, division: FIRST_DIVISION, body })).rows[0];
		const document = await create('documents/Documents', { Subject: 'Large', Type: 55 });
		const attachment = await create('documents/DocumentAttachments', {
			Document: document?.['ID'],
			FileName: 'large.bin',
			Attachment: Buffer.alloc(7_000_000).toString('base64'),
		});
		expect(attachment).toHaveProperty('FileSize', 7_000_000);
	},
};

const others = Object.entries(scenarios).flatMap(([name, scenario]) => {
	const values: readonly unknown[] = READINGS[name as ReadingName].others;
	return values.map((value) => [name, value, scenario] as const);
});

describe('another reading of Exact Online', () => {
	it.each(others)('%s: %j', async (name, value, scenario) => {
		bench.simulator.configure({ [name]: value } as Partial<ExactOnlineSwitches>);
		await scenario();
	});
});
