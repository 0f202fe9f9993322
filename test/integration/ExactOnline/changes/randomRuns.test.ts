import * as fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';
import { createAccessTokenSource } from '../../../../nodes/ExactOnline/auth/nodeAccessTokenSource';
import { FIRST_DIVISION } from '../../../simulators/ExactOnline';
import { holdsAsync } from '../../../support/properties';
import { useChanges, type ChangeRun } from './support/changeBench';

jest.mock('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource', () => ({
	...jest.requireActual<object>('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource'),
	createAccessTokenSource: jest.fn(),
}));

const ACCOUNTS = 'crm/Accounts';

type Step =
	| { do: 'create' | 'move' }
	| { do: 'change' | 'delete'; which: number }
	| { do: 'run'; mostRows: number | undefined; fate: 'confirmed' | 'failed' | 'later' }
	| { do: 'confirmEarlier'; which: number };

const step: fc.Arbitrary<Step> = fc.oneof(
	{ weight: 3, arbitrary: fc.constant<Step>({ do: 'create' }) },
	{ weight: 1, arbitrary: fc.constant<Step>({ do: 'move' }) },
	{
		weight: 4,
		arbitrary: fc.record({
			do: fc.constantFrom('change' as const, 'delete' as const),
			which: fc.nat(5),
		}),
	},
	{
		weight: 6,
		arbitrary: fc.record({
			do: fc.constant('run' as const),
			mostRows: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
			fate: fc.constantFrom('confirmed' as const, 'failed' as const, 'later' as const),
		}),
	},
	{
		weight: 2,
		arbitrary: fc.record({ do: fc.constant('confirmEarlier' as const), which: fc.nat(2) }),
	},
);

const bench = useChanges('sqlite');

beforeEach(() => {
	jest.mocked(createAccessTokenSource).mockImplementation(async () => await bench.source());
});

const accounts = () =>
	new Map(
		bench.simulator
			.rows(FIRST_DIVISION, ACCOUNTS)
			.map(({ ID, Name }) => [String(ID), String(Name)]),
	);

/** Does with the rows what a workflow does; where deletions may be missing, it looks at the full list. */
function workOff(copy: Map<string, string>, rows: readonly IDataObject[]): void {
	for (const { recordId, change, Name } of rows) {
		if (change === 'deleted') copy.delete(String(recordId));
		else copy.set(String(recordId), String(Name));
	}
	if (rows.every(({ deletionsMayBeMissing }) => deletionsMayBeMissing !== true)) return;
	for (const id of copy.keys()) if (!accounts().has(id)) copy.delete(id);
}

let nodes = 0;
let made = 0;

/** A node of its own over a sequence of steps; at the end one run takes all that is left. */
async function play(steps: readonly Step[]): Promise<void> {
	nodes += 1;
	const nodeId = `node ${nodes}`;
	const copy = new Map<string, string>();
	const earlier: ChangeRun[] = [];
	const read = async (mostRows?: number) =>
		await bench.get(mostRows === undefined ? {} : { options: { mostRows } }, { nodeId });
	for (const one of steps) {
		const ids = [...accounts().keys()];
		made += 1;
		if (one.do === 'create') await bench.write('POST', ACCOUNTS, { Name: `Made ${made}` });
		else if (one.do === 'move') bench.simulator.moveDivision(FIRST_DIVISION);
		else if (one.do === 'run') {
			const run = await read(one.mostRows);
			expect(run.rows.length).toBeLessThanOrEqual(one.mostRows ?? Infinity);
			if (one.fate !== 'failed') workOff(copy, run.rows);
			if (one.fate === 'confirmed') await run.confirm();
			if (one.fate === 'later') earlier.push(run);
		} else if (one.do === 'confirmEarlier') {
			const [run] = earlier.splice(one.which % Math.max(1, earlier.length), 1);
			await run?.confirm();
		} else if ((one.do === 'change' || one.do === 'delete') && ids.length > 1) {
			const path = `${ACCOUNTS}(guid'${ids[one.which % ids.length]}')`;
			if (one.do === 'delete') await bench.write('DELETE', path);
			else await bench.write('PUT', path, { Name: `Changed ${made}` });
		}
	}
	workOff(copy, (await read()).rows);
	expect(copy).toEqual(accounts());
}

it('random runs of the node on a vault lose nothing', async () => {
	await holdsAsync(fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), play), 40);
});
