import type { SwitchChanges } from '../../simulators/DocuWare';
import {
	DATA_READINGS as READINGS,
	type DataReadingName,
} from '../../simulators/DocuWare/dataSwitches';
import { operation, useNode } from './node/support/nodeFixture';
import { followLinks } from './support/dataScenarios/links';
import { cabinet, idsOf, INVOICES, type Scenario } from './support/dataScenarios/scenario';
import {
	countHits,
	searchByDialog,
	searchTexts,
	searchTimes,
	searchToTheEnd,
	sortByTwo,
	sortToTheEnd,
} from './support/dataScenarios/searches';
import { refuseBeforehand, storeByList, writeReadClear } from './support/dataScenarios/values';
import { pollsOf } from './trigger/support/pollFixture';

const { start } = useNode();

/** The trash bin is searched, and what was found in it restored. */
const restoreFromTrash: Scenario = async (start, reading) => {
	const fixture = await start(reading);
	const { state } = fixture.simulator;
	fixture.simulator.addDocuments(INVOICES, [{ COMPANY: 'A' }, { COMPANY: 'B' }]);
	for (const document of state.documents.inCabinet(INVOICES)) {
		state.documents.discard(document, 'api', state.now());
	}
	const parameters = {
		trashConditions: { condition: [{ field: 'COMPANY', operator: 'is', value: 'B' }] },
	};
	const found = await fixture.run(operation('trashBin', 'search', parameters));
	expect(found.items.map(({ json }) => json.DWDOCID)).toEqual([2]);
	await fixture.run(
		operation('trashBin', 'restore', { trashBinIds: String(found.items[0]?.json.trashBinId) }),
	);
	expect(state.documents.inCabinet(INVOICES).map(({ id }) => id)).toEqual([2]);
};

/** A document that somebody has checked out is there: none is stored beside it, and a search finds it that says so. */
const knowCheckedOut: Scenario = async (start, reading) => {
	const fixture = await start(reading);
	const { documents } = fixture.simulator.state;
	const { first } = fixture.simulator.addDocuments(INVOICES, [{ COMPANY: 'Peters' }]);
	documents.find(INVOICES, first)!.checkedOutBy = 'peggy.jenkins';
	const upload = operation('document', 'upload', {
		...{ ...cabinet, uploadContent: 'record', dataMode: 'json', json: '{"COMPANY": "Peters"}' },
		...{ ifExists: 'skip', matchFields: ['COMPANY'] },
	});
	const { items } = await fixture.run(upload);
	expect(items[0]?.json).toMatchObject({ documentId: first, skipped: true });
	expect(documents.inCabinet(INVOICES)).toHaveLength(1);
	const options = { includeCheckedOut: true };
	const found = await fixture.run(operation('document', 'search', { ...cabinet, options }));
	expect(idsOf(found.items)).toEqual([first]);
};

/** A trigger gives what is stored after it was published, and all of it once. */
const followNewOnes: Scenario = async (start, reading) => {
	const { store, publish } = pollsOf(await start(reading));
	const now = Date.UTC(2026, 10, 26, 12);
	store(3, now - 7_200_000);
	const trigger = publish();
	expect(await trigger.ids()).toEqual([]);
	store(2, now);
	expect(await trigger.ids()).toEqual([4, 5]);
	store(2, now + 1_000);
	expect(await trigger.ids()).toEqual([6, 7]);
	expect(await trigger.ids()).toEqual([]);
};

/** The same of a document tray, over several polls. */
const followTray: Scenario = async (start, reading) => {
	const { store, publish, simulator } = pollsOf(await start(reading));
	const now = Date.UTC(2026, 10, 26, 12);
	const id = simulator.world.fileCabinets.find(({ isBasket }) => isBasket)?.id ?? '';
	store(3, now - 7_200_000, id);
	const trigger = publish({
		...{ place: 'tray', options: { mostItems: 2 } },
		fileCabinetId: { __rl: true, mode: 'id', value: id },
	});
	expect(await trigger.ids()).toEqual([]);
	for (let second = 0; second < 5; second += 1) store(1, now + second * 1_000, id);
	expect((await trigger.allIds()).flat()).toEqual([4, 5, 6, 7, 8]);
};

const scenarios: Record<DataReadingName, Scenario> = {
	unknownIndexFields: refuseBeforehand({ NOWHERE: 'x' }),
	clearing: writeReadClear,
	decimalPlaces: refuseBeforehand({ AMOUNT: 1.005 }),
	typeFirst: writeReadClear,
	dateOffset: writeReadClear,
	answerTimes: followNewOnes,
	emptyDates: writeReadClear,
	emptyItem: writeReadClear,
	linkPaths: followLinks,
	selectListOnly: storeByList,
	answerCompression: searchToTheEnd,
	tableRows: restoreFromTrash,
	countValue: searchToTheEnd,
	countRequest: countHits,
	defaultPageSize: searchToTheEnd,
	deepPages: searchToTheEnd,
	nextLinks: sortToTheEnd,
	linkedSort: sortByTwo,
	sortByUnshown: searchByDialog,
	notFindsEmpty: searchToTheEnd,
	quotedBackslash: searchToTheEnd,
	quotedParentheses: searchTexts,
	zonedTimes: searchTimes,
	severalValues: searchToTheEnd,
	dayOfTimes: searchToTheEnd,
	checkedOutUntold: knowCheckedOut,
	searchedTimes: followNewOnes,
	timeBounds: followNewOnes,
	trayOrder: followTray,
};

const others = Object.entries(scenarios).flatMap(([name, scenario]) => {
	const values: readonly unknown[] = READINGS[name as DataReadingName].others;
	return values.map((value) => [name, value, scenario] as const);
});

describe('another reading of what is stored in DocuWare', () => {
	it.each(others)('%s: %j', async (name, value, scenario) => {
		await scenario(start, { [name]: value });
	});

	it('all harder ones together', async () => {
		const harder = Object.fromEntries(
			Object.entries(READINGS).flatMap(([name, reading]) =>
				'harder' in reading ? [[name, reading.harder]] : [],
			),
		) as SwitchChanges;
		await writeReadClear(start, harder);
		await searchToTheEnd(start, harder);
		await sortToTheEnd(start, harder);
		await searchTexts(start, harder);
		await searchTimes(start, harder);
		await restoreFromTrash(start, harder);
		await followNewOnes(start, harder);
		await followTray(start, harder);
	});
});
