import { thisHolder } from '../../../../nodes/shared/process/holder';
import { putItem } from '../../../../nodes/shared/vault/rows/items';
import { acquireLease, readLease } from '../../../../nodes/shared/vault/rows/leases';
import { subjectLease } from '../../../../nodes/shared/vault/subjectLease';
import {
	inSubjectTurn,
	lastTurns,
	type SubjectTurn,
} from '../../../../nodes/shared/vault/subjectTurns';
import type { Vault } from '../../../../nodes/shared/vault/vault';
import { ENGINES, TestStores } from './support/stores';

const SUBJECT = { kind: 'test', parts: ['subject'] };
const OTHER = { kind: 'test', parts: ['other'] };

describe.each(ENGINES)('turns at a subject on %s', (engine) => {
	const stores = new TestStores(engine);
	let vault: Vault;

	beforeAll(async () => await stores.start());
	beforeEach(async () => {
		vault = await (await stores.create()).open();
	});
	afterEach(async () => {
		jest.restoreAllMocks();
		await stores.closeVaults();
	});
	afterAll(async () => await stores.stop());

	const turn = async (work: (turn: SubjectTurn) => Promise<void> = async () => {}) =>
		await inSubjectTurn(vault, SUBJECT, undefined, async (given) => {
			await work(given);
			return given.number;
		});

	const last = async () => await lastTurns(vault, [SUBJECT, OTHER]);

	it('are counted, and nothing is told during one', async () => {
		expect(await last()).toEqual([0, 0]);
		expect(await turn()).toBe(1);
		expect(await last()).toEqual([1, 0]);
		const during: unknown[] = [];
		await turn(async () => void during.push(...(await last())));
		expect(during).toEqual([undefined, 0]);
		expect(await turn()).toBe(3);
	});

	it('nothing is told of one that was left in doubt, nor of those after it, until the doubt has ended', async () => {
		await turn(async ({ leaveInDoubt }) => await leaveInDoubt());
		expect(await last()).toEqual([undefined, 0]);
		await turn();
		expect(await last()).toEqual([undefined, 0]);
		// As ten minutes later.
		await vault.write(() => putItem('subjectTurns1', subjectLease(SUBJECT), '1'));
		expect(await last()).toEqual([4, 0]);
		expect(await turn()).toBe(5);
	});

	// A look between the two reads of it, without a lease, would be believed else.
	it('the note of a doubt counts as a turn of its own', async () => {
		await turn(async ({ leaveInDoubt }) => await leaveInDoubt());
		expect(await turn()).toBe(3);
	});

	// Whoever died may have sent something that takes effect later.
	it('one whose holder has died is in doubt from the turn on that takes its lease over', async () => {
		const name = subjectLease(SUBJECT);
		await vault.write(() => acquireLease(name, 'left', thisHolder(), 25_000, null));
		expect(await last()).toEqual([undefined, 0]);
		await turn();
		expect(await last()).toEqual([undefined, 0]);
	});

	it('where the doubt cannot be noted the lease stays, and whoever takes it over notes it', async () => {
		await turn(async ({ leaveInDoubt }) => {
			jest.spyOn(vault, 'write').mockRejectedValueOnce(new Error('no store'));
			await leaveInDoubt();
		});
		expect(await vault.read(() => readLease(subjectLease(SUBJECT)))).toBeDefined();
		expect(await last()).toEqual([undefined, 0]);
		await turn();
		expect(await vault.read(() => readLease(subjectLease(SUBJECT)))).toBeUndefined();
		expect(await last()).toEqual([undefined, 0]);
	});
});
