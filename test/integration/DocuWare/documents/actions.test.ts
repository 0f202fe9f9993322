import type { IBinaryData, IDataObject, INodeExecutionData } from 'n8n-workflow';
import { operation, useNode, type NodeFixture } from '../node/support/nodeFixture';

const { start } = useNode();

const INVOICES = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';
/** With version management; peggy.jenkins may not see it. */
const PERSONNEL = '4d3b1f86-7f52-4f7c-8a9f-2b6a5d0e3c20';
const TRAY = 'b_e9f0b3c1-2d47-4e58-8b6a-1c3d5e7f9a40';

const id = (value: string): IDataObject => ({ __rl: true, mode: 'id', value });

function action(name: string, documentId: unknown, more: IDataObject = {}, cabinet = INVOICES) {
	return operation('document', name, {
		fileCabinetId: id(cabinet),
		documentId,
		...more,
	} as IDataObject);
}

/** Stores a file, and gives the number of its document. */
async function stored(
	{ run }: NodeFixture,
	cabinet = INVOICES,
	content = 'Company: Peters',
	fileName = 'scan.txt',
	mimeType = 'text/plain',
): Promise<number> {
	const data: IBinaryData = { data: Buffer.from(content).toString('base64'), mimeType, fileName };
	const { items } = await run(
		operation('customApiCall', 'call', {
			method: 'POST',
			path: `FileCabinets/${cabinet}/Documents`,
			bodyType: 'binary',
		}),
		{ items: [{ binary: { data } }] },
	);
	return Number(items[0]?.json.Id);
}

/** The same in the cabinet with versions, which wants to know an employee. */
async function storedWithVersions(fixture: NodeFixture, content?: string, fileName?: string) {
	const { items } = await fixture.run(
		operation('document', 'transfer', {
			sourceFileCabinetId: id(TRAY),
			fileCabinetId: id(PERSONNEL),
			documentIds: await stored(fixture, TRAY, content, fileName),
			transferMode: 'move',
			setIndexFields: true,
			dataMode: 'json',
			json: '{"Employee": "Peggy Jenkins"}',
		}),
	);
	return Number(items[0]?.json.documentId);
}

/** The document with its index fields. */
async function read({ run }: NodeFixture, documentId: unknown, cabinet = INVOICES) {
	const { items } = await run(action('get', documentId, {}, cabinet));
	return items[0]?.json ?? {};
}

const codeOf = (code: string) => ({ message: expect.stringContaining(`[${code}]`) });

const errors = (items: readonly INodeExecutionData[]) =>
	items.map(({ json }) => (json.error as { code?: string } | undefined)?.code);

describe('a document', () => {
	it('is deleted to the trash bin; one that is not there is an error for its item alone', async () => {
		const fixture = await start();
		const { run } = fixture;
		const [one, other] = [await stored(fixture), await stored(fixture)];
		const { items } = await run(action('delete', '={{ $json.id }}'), {
			items: [one, 4711, other].map((number) => ({ json: { id: number } })),
			continueOnFail: true,
		});
		expect(errors(items)).toEqual([undefined, 'DOCUWARE_NOT_FOUND', undefined]);
		expect(items[0]?.json).toEqual({ deleted: true, documentId: one, fileCabinetId: INVOICES });
		await expect(read(fixture, one)).rejects.toMatchObject(codeOf('DOCUWARE_NOT_FOUND'));
		const bin = await run(operation('trashBin', 'search', { returnAll: true }));
		expect(bin.items).toHaveLength(2);
	});

	it('is refused to whoever lacks the right, before anything is changed', async () => {
		const fixture = await start();
		const number = await stored(fixture);
		const credentials = fixture.credential({
			userName: 'reader',
			password: 'look, do not touch',
		});
		for (const name of ['delete', 'lock', 'setApplicationProperties', 'unclip']) {
			const more = { applicationProperties: { property: [{ name: 'a', value: '1' }] } };
			await expect(fixture.run(action(name, number, more), { credentials })).rejects.toMatchObject(
				codeOf('DOCUWARE_FORBIDDEN'),
			);
		}
		expect(await read(fixture, number)).toMatchObject({ documentId: number });
	});

	it('is locked for others, who are told by whom, until it is unlocked', async () => {
		const fixture = await start();
		const number = await stored(fixture);
		await fixture.run(action('lock', number, { lockMinutes: 30 }));
		const credentials = fixture.credential({
			userName: 'peggy.jenkins',
			password: 'correct horse',
		});
		await expect(fixture.run(action('delete', number), { credentials })).rejects.toMatchObject(
			codeOf('DOCUWARE_LOCKED'),
		);
		await fixture.run(action('unlock', number));
		await fixture.run(action('delete', number), { credentials });
	});

	it('keeps application properties; an empty value never deletes one', async () => {
		const fixture = await start();
		const { run } = fixture;
		const number = await stored(fixture);
		const set = (property: IDataObject[], deletedProperties = '') =>
			run(
				action('setApplicationProperties', number, {
					applicationProperties: { property },
					deletedProperties,
				}),
			);
		await set([
			{ name: 'exportedAt', value: '2026-11-26' },
			{ name: 'by', value: 'n8n' },
		]);
		await expect(set([{ name: 'by', value: '' }])).rejects.toMatchObject(
			codeOf('DOCUWARE_INVALID_PARAMETER'),
		);
		const changed = await set([{ name: 'by', value: 'api' }], 'exportedAt');
		expect(changed.items[0]?.json.properties).toEqual({ by: 'api' });
		const { items } = await run(action('getApplicationProperties', number));
		expect(items[0]?.json.properties).toEqual({ by: 'api' });
	});

	it('whose change has no answer is in doubt, and the change is not sent again', async () => {
		const fixture = await start();
		const number = await stored(fixture);
		fixture.simulator.faults.push({ kind: 'lostAnswer', where: { method: 'DELETE' } });
		await expect(fixture.run(action('delete', number))).rejects.toMatchObject(
			codeOf('DOCUWARE_WRITE_UNCONFIRMED'),
		);
		const { requests } = fixture.simulator.counters;
		const deletions = Object.entries(requests).filter(([route]) => route.startsWith('DELETE'));
		expect(deletions.map(([, count]) => count)).toEqual([1]);
	});
});

describe('documents', () => {
	it('whose transfer has no answer are in doubt, and copied once', async () => {
		const fixture = await start();
		const number = await stored(fixture);
		fixture.simulator.faults.push({ kind: 'lostAnswer', where: { method: 'POST' } });
		const copy = operation('document', 'transfer', {
			sourceFileCabinetId: id(INVOICES),
			fileCabinetId: id(INVOICES),
			documentIds: number,
		});
		await expect(fixture.run(copy)).rejects.toMatchObject(codeOf('DOCUWARE_WRITE_UNCONFIRMED'));
		expect(fixture.simulator.state.documents.inCabinet(INVOICES)).toHaveLength(2);
	});

	it('are moved from a tray to a cabinet and copied within it, with index fields of the target', async () => {
		const fixture = await start();
		const { run } = fixture;
		const [one, other] = [await stored(fixture, TRAY), await stored(fixture, TRAY)];
		const moved = await run(
			operation('document', 'transfer', {
				sourceFileCabinetId: id(TRAY),
				fileCabinetId: id(INVOICES),
				documentIds: [one, other],
				transferMode: 'move',
				setIndexFields: true,
				dataMode: 'json',
				json: '{"Company": "Peters", "AMOUNT": "1.234,50"}',
			}),
		);
		expect(moved.items.map(({ json }) => [json.COMPANY, json.AMOUNT])).toEqual([
			['Peters', 1234.5],
			['Peters', 1234.5],
		]);
		await expect(read(fixture, one, TRAY)).rejects.toMatchObject(codeOf('DOCUWARE_NOT_FOUND'));
		const [first] = moved.items.map(({ json }) => json.documentId);
		const copied = await run(
			operation('document', 'transfer', {
				sourceFileCabinetId: id(INVOICES),
				fileCabinetId: id(INVOICES),
				documentIds: String(first),
				setIndexFields: true,
				dataMode: 'json',
				json: '{"DOCTYPE": "Copy"}',
			}),
		);
		expect(copied.items[0]?.json).toMatchObject({
			COMPANY: 'Peters',
			AMOUNT: 1234.5,
			DOCTYPE: 'Copy',
		});
		expect(copied.items[0]?.json.documentId).not.toBe(first);
		expect(await read(fixture, first)).toMatchObject({ COMPANY: 'Peters', DOCTYPE: null });
	});

	it('are copied and moved from a cabinet into a tray, each with its file', async () => {
		const fixture = await start();
		const { run, simulator } = fixture;
		const [one, other] = [await stored(fixture, INVOICES, 'one'), await stored(fixture)];
		const into = async (documentIds: number, transferMode: string) => {
			const { items } = await run(
				operation('document', 'transfer', {
					sourceFileCabinetId: id(INVOICES),
					fileCabinetId: id(TRAY),
					...{ documentIds, transferMode },
				}),
			);
			return items.map(({ json }) => json);
		};
		const [copy, ...noOther] = await into(one, 'copy');
		expect(noOther).toEqual([]);
		expect(copy).toMatchObject({ fileCabinetId: TRAY, title: 'scan.txt', fileSize: 3 });
		expect(await read(fixture, one)).toMatchObject({ fileCabinetId: INVOICES });
		const [moved] = await into(other, 'move');
		expect(moved).toMatchObject({ fileCabinetId: TRAY, title: 'scan.txt', fileSize: 15 });
		await expect(read(fixture, other)).rejects.toMatchObject(codeOf('DOCUWARE_NOT_FOUND'));
		const { documents } = simulator.state;
		expect(documents.inCabinet(INVOICES).map((document) => document.id)).toEqual([one]);
		const inTray = documents.inCabinet(TRAY);
		expect(inTray.map((document) => document.id)).toEqual([copy?.documentId, moved?.documentId]);
		const texts = inTray.map(({ sections }) => sections[0]?.content.bytes().toString());
		expect(texts).toEqual(['one', 'Company: Peters']);
	});

	it('are clipped and unclipped in a cabinet, stapled and unstapled in a tray alone', async () => {
		const fixture = await start();
		const { run } = fixture;
		const put = async (name: string, cabinet: string) => {
			const numbers = [
				await stored(fixture, cabinet, '%PDF a', 'a.pdf', 'application/pdf'),
				await stored(fixture, cabinet, '%PDF b', 'b.pdf', 'application/pdf'),
			];
			const documentIds = numbers.join(', ');
			const { items } = await run(
				operation('document', name, {
					...{ fileCabinetId: id(cabinet), documentIds, output: 'selected' },
				}),
			);
			return items[0]?.json ?? {};
		};
		const clipped = await put('clip', INVOICES);
		expect(clipped.sectionCount).toBe(2);
		const apart = await run(action('unclip', clipped.documentId));
		expect(apart.items).toHaveLength(2);
		const stapled = await put('staple', TRAY);
		expect(stapled.sectionCount).toBe(1);
		const pages = await run(action('unstaple', stapled.documentId, {}, TRAY));
		expect(pages.items).toHaveLength(2);
		for (const name of ['staple', 'unstaple']) {
			const parameters = { fileCabinetId: id(INVOICES), documentIds: '1, 2', documentId: 1 };
			await expect(run(operation('document', name, parameters))).rejects.toMatchObject(
				codeOf('DOCUWARE_INVALID_PARAMETER'),
			);
		}
	});

	it('are split at pages', async () => {
		const fixture = await start();
		const { run } = fixture;
		const numbers = [
			await stored(fixture, TRAY, '%PDF a', 'a.pdf', 'application/pdf'),
			await stored(fixture, TRAY, '%PDF b', 'b.pdf', 'application/pdf'),
		];
		const { items } = await run(
			operation('document', 'staple', { fileCabinetId: id(TRAY), documentIds: numbers }),
		);
		const divided = await run(
			action('split', items[0]?.json.documentId, { splitPages: [2] }, TRAY),
		);
		expect(divided.items).toHaveLength(2);
	});
});

describe('a document with versions', () => {
	it('is checked out, changed and checked in by the name of its file', async () => {
		// A server that reads the plain form of a name in a header alone stores ASCII.
		const fixture = await start({ uploadFileNames: 'both' });
		const { run } = fixture;
		const number = await storedWithVersions(fixture, 'first', 'Vertrag ä.txt');
		const out = await run(action('checkOut', number, {}, PERSONNEL));
		const name = `${number}+${PERSONNEL}+Vertrag ä.txt`;
		expect(out.items[0]?.json).toMatchObject({ checkedOut: true, fileName: name });
		expect(out.items[0]?.binary?.data?.fileName).toBe(name);
		await expect(run(action('checkOut', number, {}, PERSONNEL))).rejects.toMatchObject(
			codeOf('DOCUWARE_LOCKED'),
		);
		const changed = {
			...out.items[0]?.binary?.data,
			data: Buffer.from('second').toString('base64'),
		};
		const checkIn = operation('document', 'checkIn', {
			...{ options: { comment: 'Neue Fassung' }, output: 'selected' },
		});
		const settings = { items: [{ binary: { data: changed as IBinaryData } }] };
		const { items } = await run(checkIn, settings);
		expect(items[0]?.json).toMatchObject({ fileCabinetId: PERSONNEL, fileSize: 6 });
		const back = Number(items[0]?.json.documentId);
		const versions = await run(action('getHistory', back, { history: 'versions' }, PERSONNEL));
		expect(versions.items.map(({ json }) => json.version)).toEqual(['1.0', '1.1']);
		await expect(run(checkIn, settings)).rejects.toMatchObject(codeOf('DOCUWARE_NOT_CHECKED_OUT'));
	});

	it('is given back unchanged', async () => {
		const fixture = await start();
		const { run } = fixture;
		const number = await storedWithVersions(fixture);
		await run(action('checkOut', number, {}, PERSONNEL));
		await run(action('undoCheckOut', number, {}, PERSONNEL));
		await expect(run(action('undoCheckOut', number, {}, PERSONNEL))).rejects.toMatchObject(
			codeOf('DOCUWARE_NOT_CHECKED_OUT'),
		);
		await run(action('checkOut', number, {}, PERSONNEL));
	});

	it('is said to be checked out where its file is cut off, and can be given back', async () => {
		const fixture = await start();
		const { run, simulator } = fixture;
		const number = await storedWithVersions(fixture, 'content '.repeat(1_000));
		simulator.faults.push({ kind: 'truncatedBody', where: { method: 'POST' } });
		await expect(run(action('checkOut', number, {}, PERSONNEL))).rejects.toMatchObject(
			codeOf('DOCUWARE_CHECK_OUT_UNFINISHED'),
		);
		expect(simulator.faults.size).toBe(0);
		await run(action('undoCheckOut', number, {}, PERSONNEL));
	});

	it('is checked in over a session that was ended meanwhile, once', async () => {
		const fixture = await start();
		const { run, simulator } = fixture;
		const number = await storedWithVersions(fixture);
		const out = await run(action('checkOut', number, {}, PERSONNEL));
		const hold = simulator.holds.hold('platform.received', {
			where: { method: 'POST' },
			times: 1,
		});
		const items = [{ binary: out.items[0]?.binary ?? {} }];
		const running = run(operation('document', 'checkIn'), { items });
		await hold.waiting();
		simulator.revokeSessions();
		hold.release();
		expect((await running).items[0]?.json).toMatchObject({ documentId: number });
		const versions = await run(action('getHistory', number, { history: 'versions' }, PERSONNEL));
		expect(versions.items).toHaveLength(2);
		expect(simulator.counters.logOns).toEqual({ password: 2, token: 0 });
	});

	it('needs a cabinet that keeps them, and the error says so', async () => {
		const fixture = await start();
		const number = await stored(fixture);
		await expect(fixture.run(action('checkOut', number))).rejects.toMatchObject(
			codeOf('DOCUWARE_NO_VERSION_MANAGEMENT'),
		);
		await expect(
			fixture.run(action('getHistory', number, { history: 'versions' })),
		).rejects.toMatchObject(codeOf('DOCUWARE_NOT_OFFERED'));
	});

	it('has its file fetched by the link where a check-out answers with links', async () => {
		const fixture = await start({ checkOutAnswer: 'links' });
		const number = await storedWithVersions(fixture, 'content');
		const { items } = await fixture.run(action('checkOut', number, {}, PERSONNEL));
		const data = Buffer.from(items[0]?.binary?.data?.data ?? '', 'base64').toString();
		expect(data).toBe('content');
		expect(items[0]?.json.fileName).toBe(`${number}+${PERSONNEL}+scan.txt`);
	});
});

describe('stamps and annotations', () => {
	it('are placed with fields and password, and the password is shown nowhere', async () => {
		const fixture = await start();
		const { run } = fixture;
		const number = await stored(fixture);
		const stamps = await run(operation('stamp', 'getAll', { fileCabinetId: id(INVOICES) }));
		expect(stamps.items.map(({ json }) => [json.name, json.needsPassword])).toEqual([
			['Approved', false],
			['Paid', true],
		]);
		const approved = { stampId: { __rl: true, mode: 'name', value: 'approved' } };
		const field = [{ name: 'Cost centre', type: 'Text', value: '4711' }];
		const placed = await run(action('placeStamp', number, { ...approved, stampFields: { field } }));
		expect(placed.items[0]?.json).toMatchObject({ placed: true, stampName: 'Approved' });
		const paid = (stampPassword: string) =>
			run(
				action('placeStamp', number, {
					stampId: id(String(stamps.items[1]?.json.stampId)),
					options: { stampPassword },
				}),
			);
		const refused: unknown = await paid('not the secret').catch((failure: unknown) => failure);
		expect(refused).toMatchObject(codeOf('DOCUWARE_FORBIDDEN'));
		expect(JSON.stringify(refused)).not.toContain('not the secret');
		const { items } = await paid('stamp secret');
		expect(JSON.stringify(items)).not.toContain('stamp secret');
		await run(
			action('addAnnotation', number, {
				annotations: {
					text: [{ text: 'Geprüft' }],
					rectangle: [{ colorName: 'Yellow' }],
					line: [{ arrow: true }],
				},
			}),
		);
		const drawn = await run(
			operation('customApiCall', 'call', {
				path: `FileCabinets/${INVOICES}/Documents/${number}/Annotation`,
			}),
		);
		const shown = JSON.stringify(drawn.items[0]?.json);
		for (const kind of ['StampEntry', 'TextEntry', 'RectEntry', 'LineEntry', 'Geprüft']) {
			expect(shown).toContain(kind);
		}
		await expect(
			run(action('addAnnotation', number, { annotations: { line: [{}] }, options: { page: 9 } })),
		).rejects.toMatchObject(codeOf('DOCUWARE_VALIDATION'));
	});

	it('land on the same page where the server counts from 1 and the option says so', async () => {
		const fixture = await start({ annotationPages: 'fromOne' });
		const number = await stored(fixture);
		const { items } = await fixture.run(
			action('addAnnotation', number, {
				annotations: { text: [{ text: 'Hier' }] },
				options: { countFrom: 1 },
			}),
		);
		expect(items[0]?.json).toMatchObject({ added: 1, page: 1 });
	});
});

describe('what is known of a document', () => {
	it('are its links and the documents behind them', async () => {
		const fixture = await start();
		const { run } = fixture;
		const numbers: unknown[] = [];
		for (let count = 0; count < 3; count += 1) {
			const number = await stored(fixture);
			await run(
				action('updateIndexFields', number, { dataMode: 'json', json: '{"COMPANY": "Peters"}' }),
			);
			numbers.push(number);
		}
		const links = await run(action('getLinks', numbers[0]));
		expect(links.items.map(({ json }) => json.isInvalid)).toEqual([false, true]);
		const linked = await run(action('getLinks', numbers[0], { returnLinks: 'documents' }));
		expect(linked.items.map(({ json }) => json.documentId)).toEqual(numbers.slice(1));
	});

	it('are its rights, suggestions, audit and workflows', async () => {
		const fixture = await start();
		const { run, simulator } = fixture;
		const number = await stored(fixture, INVOICES, 'Company: Peters\nAmount: 12.5');
		const credentials = fixture.credential({ userName: 'reader', password: 'look, do not touch' });
		const rights = await run(action('getRights', number), { credentials });
		expect(rights.items[0]?.json).toMatchObject({
			rights: ['General_Search', 'General_DisplayDocument'],
			missing: expect.arrayContaining(['General_DeleteDocuments']),
		});
		const suggested = await run(action('getSuggestions', number));
		expect(suggested.items[0]?.json.suggestions).toContainEqual({
			field: 'COMPANY',
			label: 'Company',
			confidence: 'Green',
			value: 'Peters',
			values: ['Peters'],
		});
		const audit = await run(action('getHistory', number, { history: 'audit' }));
		expect(audit.items[0]?.json).toMatchObject({ event: 'DocumentStored', user: 'api' });
		expect((await run(action('getHistory', number))).items).toEqual([]);
		simulator.state.workflows.add({
			id: 'be39345c-af7e-521e-81ca-12fc4b8c7d02',
			workflowId: '0c135ffb-1616-4607-9d9f-f3ea7789de12',
			name: 'Approval',
			version: 2,
			fileCabinetId: INVOICES,
			documentId: number,
			startedAt: 0,
			steps: [{ at: 0, activity: 'Check', type: 'Task', userName: 'Peggy', decision: 'Approve' }],
		});
		const { items } = await run(action('getHistory', number));
		expect(items[0]?.json).toMatchObject({
			workflowName: 'Approval',
			steps: [{ number: 1, activity: 'Check', info: { DecisionName: 'Approve' } }],
		});
		const { workflowId, instanceId } = items[0]?.json ?? {};
		const steps = await run(
			operation('workflow', 'getHistory', { workflowId, instanceId } as IDataObject),
		);
		expect(steps.items[0]?.json).toMatchObject({ workflowName: 'Approval', instanceId });
	});
});
