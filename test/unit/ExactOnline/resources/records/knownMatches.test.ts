import { readEndpoint } from '../../../../../nodes/ExactOnline/catalogue/catalogue';
import { createRunMemory } from '../../../../../nodes/ExactOnline/resources/common/runMemory';
import type { OperationCall } from '../../../../../nodes/ExactOnline/resources/operation';
import {
	isStillNothing,
	knowMatches,
	knownMatch,
	turnName,
	type ComingMatch,
} from '../../../../../nodes/ExactOnline/resources/records/knownMatches';
import type { Match } from '../../../../../nodes/ExactOnline/resources/records/matchFields';
import type { ExactRow } from '../../../../../nodes/ExactOnline/wire/exactTypes';
import { ConnectorError } from '../../../../../nodes/shared/errors';
import { statementsOf } from '../../../../../nodes/shared/vault/database/transaction';
import { pruneItems } from '../../../../../nodes/shared/vault/rows/itemScopes';
import { thisMoment } from '../../../../../nodes/shared/vault/spending/standstill';

const PLACE = { endpoint: readEndpoint('crm/Accounts'), division: 1 };

const byEmail = (email: string): Match => ({
	filter: `Email eq '${email}'`,
	words: `Email "${email}"`,
	names: ['Email'],
});

let users = 0;

/** A run that looks for accounts by their addresses, of which the service finds these rows. */
function runOf(answer: (filter: string) => ExactRow[][]) {
	const asked: string[] = [];
	const client = {
		userKey: `user ${(users += 1)}`,
		async *pages({ query }: { query: { $filter: string } }) {
			asked.push(query.$filter);
			yield* await Promise.resolve(answer(query.$filter));
		},
	};
	/** No turn is remembered, and no lease held. */
	const vault = { read: async () => await Promise.resolve([new Map(), new Set(), 0]) };
	const source = { baseUrl: 'https://start.exactonline.nl', chain: { vault } };
	const memory = createRunMemory();
	const know = async (itemIndex: number, emails: ReadonlyArray<string | 'unknown' | undefined>) => {
		async function* coming(): AsyncGenerator<ComingMatch> {
			for (const [at, email] of emails.entries()) {
				if (at <= itemIndex) continue;
				const match = email === undefined || email === 'unknown' ? email : byEmail(email);
				yield await Promise.resolve({ itemIndex: at, match } as ComingMatch);
			}
		}
		const call = { client, memory, source, itemIndex } as unknown as OperationCall;
		const match = byEmail(String(emails[itemIndex]));
		await knowMatches(call, PLACE, match, coming(), {});
		return (email: string) => knownMatch(call, PLACE, byEmail(email));
	};
	return { know, asked };
}

it('the item and those that come are looked for in one request, as many as fit into it', async () => {
	const { know, asked } = runOf(() => [[]]);
	const emails = Array.from({ length: 300 }, (_none, n) => `a${n}@b.c`);
	for (const index of emails.keys()) await know(index, emails);
	expect(asked).toHaveLength(5);
	expect(asked[0]?.startsWith("(Email eq 'a0@b.c') or (Email eq 'a1@b.c') or ")).toBe(true);
	const sent = asked.flatMap((filter) => filter.match(/a\d+@b\.c/g) ?? []);
	expect(sent).toEqual(emails);
	for (const filter of asked) expect(encodeURIComponent(filter).length).toBeLessThan(4_000);
});

it('one alone is left to the look under its lease, and what takes a request to be known ends the list', async () => {
	const { know, asked } = runOf(() => [[]]);
	await know(0, ['a']);
	await know(0, ['a', 'unknown', 'c']);
	await know(0, ['a', undefined, 'a']);
	expect(asked).toEqual([]);
	await know(1, ['a', 'b', undefined, 'd', 'unknown', 'f']);
	expect(asked).toEqual(["(Email eq 'b') or (Email eq 'd')"]);
});

describe('what a look-up of several tells', () => {
	const emails = ['a', 'b', 'c'];

	it('is who is there, and who is not', async () => {
		const { know } = runOf(() => [[{ ID: '1', Email: 'B' }], [{ ID: '2', Email: 'b' }]]);
		const known = await know(0, emails);
		expect(known('b')?.rows.map(({ ID }) => ID)).toEqual(['1', '2']);
		expect(known('a')).toMatchObject({ rows: [], turn: 0 });
	});

	it.each([
		['a row that nobody asked for', { Email: 'd' }],
		['a row without the value', { ID: '1' }],
		['a value that makes no filter', { Email: { of: 'whom' } }],
	])('%s: Exact compares otherwise, so that nobody is known not to be there', async (_w, row) => {
		const known = await runOf(() => [[{ Email: 'b' }, row]]).know(0, ['ab', 'b', 'c']);
		expect(known('ab')).toBeUndefined();
		expect(known('c')).toBeUndefined();
		expect(known('b')?.rows).toHaveLength(1);
	});

	it('is nothing of what Exact may take for equal', async () => {
		const { know } = runOf(() => [[{ Email: 'müller ' }]]);
		const known = await know(0, ['muller', 'MÜLLER', 'schulz']);
		expect([known('muller'), known('MÜLLER')]).toEqual([undefined, undefined]);
		expect(known('schulz')?.rows).toEqual([]);
	});

	// Red before: the row was taken for both.
	it('is neither of two that differ in capitals alone, since the row may be that of one of them', async () => {
		const { know } = runOf(() => [
			[
				{ ID: '1', Email: 'A' },
				{ ID: '2', Email: 'B' },
			],
		]);
		const known = await know(0, ['A', 'a', 'b', 'c']);
		expect([known('A'), known('a')]).toEqual([undefined, undefined]);
		expect(known('b')?.rows.map(({ ID }) => ID)).toEqual(['2']);
		expect(known('c')?.rows).toEqual([]);
	});

	it('is nothing where thousands match', async () => {
		const page = Array.from({ length: 60 }, () => ({ Email: 'b' }));
		const known = await runOf(() => Array.from({ length: 20 }, () => page)).know(0, emails);
		expect(emails.map(known)).toEqual([undefined, undefined, undefined]);
	});

	it('is nothing where the filter is refused, which is not asked for again', async () => {
		const refused = new ConnectorError('EXACT_REQUEST_FAILED', 'No.', {
			repair: 'None.',
			httpStatus: 400,
		});
		const { know, asked } = runOf(() => {
			throw refused;
		});
		const known = await know(0, emails);
		expect(known('a')).toBeUndefined();
		await know(3, [...emails, 'x', 'y', 'z']);
		expect(asked).toHaveLength(1);
	});
});

describe('nothing is there still', () => {
	const known = { rows: [], turn: 3, lookedAt: thisMoment() };

	it.each([
		['in the next turn', known, 4, true],
		['after somebody else had one', known, 5, false],
		['where the store fell back', known, 1, false],
		['where a turn was under way', { ...known, turn: undefined }, 4, false],
		['where no turn is counted', known, undefined, false],
		['where nobody has looked', undefined, 1, false],
	])('%s', (_what, given, turn, expected) => {
		expect(isStillNothing(given, turn)).toBe(expected);
	});

	// Red before for the wall clock: the monotonic one stands still while a machine sleeps.
	it.each([
		['half a minute later', performance, 31_000, false],
		['after the machine has slept', Date, 31_000, false],
		['where the wall clock was put back', Date, -31_000, false],
		['a moment later', Date, 1_000, true],
	])('%s', async (_what, clock, ms, expected) => {
		const known = await runOf(() => [[]]).know(0, ['a', 'b']);
		const later = clock.now() + ms;
		const now = jest.spyOn(clock, 'now').mockReturnValue(later);
		expect(isStillNothing(known('b'), 1)).toBe(expected);
		now.mockRestore();
	});

	it('as long as a run may sleep, what others have made is remembered', () => {
		const pruning = pruneItems();
		const lives = new Map<unknown, unknown>();
		for (let step = pruning.next(); step.done !== true; step = pruning.next([])) {
			for (const { params } of statementsOf(step.value)) lives.set(params[0], params[1]);
		}
		expect(lives.get('subjectTurns1')).toBeGreaterThanOrEqual(86_400_000);
	});
});

it.each([
	["Code eq '  10'", "Code eq '10'"],
	["Name eq 'Straße'", "name EQ 'STRASSE'"],
	["Name eq 'Café'", "Name eq 'Cafe\u0301 '"],
	// Red before: what else the collations of Windows take for equal, and what has no weight in the older ones.
	["Name eq 'STRAẞE'", "Name eq 'strasse'"],
	["Name eq 'Ærø'", "Name eq 'aero'"],
	["Name eq 'Œuvre'", "Name eq 'oeuvre'"],
	["Name eq 'Þór Łódź'", "Name eq 'thor lodz'"],
	["Name eq 'Đuro Ðæ'", "Name eq 'duro dae'"],
	["Name eq 'Bakker 😀☕\uFE0F'", "Name eq 'Bakker'"],
	["Name eq '\u{20BB7}a'", "Name eq 'A'"],
	["Name eq '\uD83Da'", "Name eq 'A'"],
	["Name eq 'ｘ'", "Name eq 'X'"],
	["Name eq 'タ'", "Name eq 'た'"],
])('%s and %s have one lease, since Exact may take them for equal', (one, other) => {
	expect(turnName(one)).toBe(turnName(other));
});

it.each(['Яков', 'Ωμέγα', '王', 'b', '1'])('%s has a lease of its own', (name) => {
	expect(turnName(`Name eq '${name}'`)).not.toBe(turnName("Name eq ''"));
});
