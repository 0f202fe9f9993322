import {
	CursorStore,
	type CursorPlace,
	type CursorStep,
	type KeptChange,
} from '../../../../../../nodes/shared/node/keptCursors';
import { runPoll, type PollRun } from '../../../../../../nodes/shared/node/pollFrame';
import { thisHolder } from '../../../../../../nodes/shared/process/holder';
import { processState } from '../../../../../../nodes/shared/process/processState';
import { takeAsN8n } from '../../../../../support/n8nContext';
import { contextOf, failure, ids, well, work, type Settings } from '../../support/numberPolls';

/** What settings ask for; the last ones for what is surely none of the others. */
const LISTS = {
	...{ few: ['a', 'b'], others: ['c', 'a'], all: ['a', 'b', 'c', 'd'] },
	elsewhere: ['x', 'y'],
} as const satisfies Record<string, readonly Thing[]>;

type Thing = 'a' | 'b' | 'c' | 'd' | 'x' | 'y';

const subjectOf = (thing: Thing) =>
	(LISTS.elsewhere as readonly Thing[]).includes(thing) ? 'elsewhere' : 'here';

/** A version of a workflow's node. */
export interface Version {
	settings: keyof typeof LISTS;
	start: 'one' | 'two' | 'three' | 'four';
}

/** What goes on in a poll. */
export interface Course {
	/** The service does not answer. */
	isDown: boolean;
	/** Things whose turn comes. */
	turns: number;
	/** The change of the vault, counted from 1, at which it ceases to answer for the rest of the poll; 0 for none. */
	vaultFailsAt: number;
	/** The process is killed there, at the latest before n8n takes the batch. */
	isKilled: boolean;
	/** Another host polls once so many turns are over; none where there are not so many. */
	otherHostAt: number;
	/** n8n does not register the workflow after the poll, for another trigger of it. */
	isRefusedLater: boolean;
}

export const UNDISTURBED: Course = {
	...{ isDown: false, turns: 9, vaultFailsAt: 0, isKilled: false, otherHostAt: 99 },
	isRefusedLater: false,
};

/** What is known of a start of the node. */
interface Tried {
	/** When it was tried first since another one has ended it for sure, by the subject of the settings. */
	since: Map<string, number>;
	/** What executions have got by it. */
	given: string[];
}

/** Processes that were started anew, of all worlds. */
let processes = 0;

interface ServiceRecord {
	id: number;
	thing: Thing;
	at: number;
}

/** What stands in the vault, kept in memory: the real one is as strict, and waits for the disk. */
class MemoryVault {
	private readonly items = new Map<string, string>();

	/** From which change on, counted from 1, it does not answer; 0 for never. */
	fault = { changes: 0, from: 0 };

	get isAway(): boolean {
		const { changes, from } = this.fault;
		return from > 0 && changes >= from;
	}

	change(place: CursorPlace, step: CursorStep, dropped: () => readonly CursorPlace[] = () => []) {
		this.answer();
		const present = this.at(place);
		const next = step(present) ?? present;
		if (next) this.items.set(JSON.stringify(place), JSON.stringify(next));
		const below = dropped().map((one) => `${JSON.stringify(one).slice(0, -1)},`);
		for (const name of [...this.items.keys()]) {
			if (below.some((prefix) => name.startsWith(prefix))) this.items.delete(name);
		}
		return this.at(place);
	}

	takeBack(changes: readonly KeptChange[], decisive?: KeptChange): void {
		this.answer();
		if (decisive && !this.putBack(decisive)) return;
		for (const change of changes) this.putBack(change);
	}

	private putBack({ place, left, before }: KeptChange): boolean {
		const name = JSON.stringify(place);
		if (this.items.get(name) !== JSON.stringify(left)) return false;
		if (before) this.items.set(name, JSON.stringify(before));
		else this.items.delete(name);
		return true;
	}

	private at(place: CursorPlace): ReturnType<CursorStep> {
		const item = this.items.get(JSON.stringify(place));
		return item === undefined ? undefined : (JSON.parse(item) as ReturnType<CursorStep>);
	}

	private answer(): void {
		this.fault.changes += 1;
		if (this.isAway) throw failure('VAULT_UNAVAILABLE', 'It is away.', true);
	}
}

/** Records of things, a node that polls for them from moments on, and what executions get. */
export class BeginningWorld {
	now = 1_000_000;

	private version: Version | undefined;

	private readonly records: ServiceRecord[] = [];

	/** From when on each thing was asked for, since the node has begun anew. */
	private asked = new Map<Thing, number>();

	private absent: Thing | undefined;

	/** What the service has named to a poll that was not refused, since the node has begun anew. */
	private seen = new Set<Thing>();

	/** By the start. */
	private readonly tried = new Map<Version['start'], Tried>();

	/** The next poll at its time ends other starts for sure: they stood beside the start of a publishing when that began. */
	private endsOthers = false;

	/** Starts that n8n may have registered last, as far as the vault knows. */
	private readonly mayBeNew = new Set<Version['start']>();

	/** The start of the last polls at their time that have surely succeeded, and how many they were. */
	private inARow: { start?: Version['start']; polls: number } = { polls: 0 };

	/** What came by a start though it was there before that was tried. */
	readonly tooOld: string[] = [];

	/** What executions have got at each step. */
	readonly outputs: string[][] = [];

	private readonly vault = new MemoryVault();

	constructor(private readonly nodeId: string) {
		const { vault } = this;
		jest.spyOn(Date, 'now').mockImplementation(() => this.now);
		jest
			.spyOn(CursorStore.prototype, 'change')
			.mockImplementation(async (...given) => await Promise.resolve(vault.change(...given)));
		jest
			.spyOn(CursorStore.prototype, 'takeBack')
			.mockImplementation(async (...given) => await Promise.resolve(vault.takeBack(...given)));
	}

	record(thing: Thing): void {
		this.records.push({ id: this.records.length, thing, at: this.now });
	}

	/** Something cannot be seen for a while. */
	hide(thing: Thing | undefined): void {
		this.absent = thing;
	}

	async poll(course: Course = UNDISTURBED): Promise<void> {
		const { version } = this;
		if (!version) return;
		const given = await this.run(version, {}, course);
		const isSure = given !== undefined && !course.isDown && course.vaultFailsAt === 0;
		if (!isSure) return;
		const { start } = version;
		const polls = this.inARow.start === start ? this.inARow.polls + 1 : 1;
		this.inARow = { start, polls };
		for (const other of [...this.tried.keys()]) {
			const isOver = this.endsOthers || (polls >= 2 && !this.mayBeNew.has(other));
			if (other !== start && isOver) this.tried.delete(other);
		}
		if (this.endsOthers) this.mayBeNew.clear();
	}

	/** @param isWrong a setting is, which is seen once the turns are over */
	async publish(version: Version, course: Course = UNDISTURBED, isWrong = false): Promise<void> {
		const at = this.now;
		const before = this.version;
		const hasOthers = this.hasOthers(version);
		this.register(version);
		const given = await this.run(version, { activation: 'activate' }, course, isWrong);
		if (given === undefined || course.isRefusedLater) {
			if (before?.start !== version.start) this.endsOthers = false;
			return;
		}
		this.accept(before, version, course, at);
		this.endsOthers = hasOthers;
	}

	/**
	 * n8n starts, perhaps with another version that was published while it was down.
	 * @param hasPoll n8n registers the workflow with a poll; not so where it plans polls from its database
	 */
	async start(
		version: Version | undefined,
		course: Course = UNDISTURBED,
		hasPoll = true,
	): Promise<void> {
		const at = this.now;
		const before = this.version;
		const next = version ?? before;
		if (!next) return;
		this.restart();
		if (!hasPoll) {
			this.version = next;
			if (before?.start !== next.start) this.changeStart();
			return;
		}
		const hasOthers = this.hasOthers(next);
		this.register(next);
		const given = await this.run(next, { activation: 'init' }, course);
		if (given === undefined && !course.isKilled) throw new Error('A start of n8n has failed.');
		this.version = next;
		if (course.vaultFailsAt === 0) {
			this.accept(before, next, course, at);
			this.endsOthers = hasOthers;
			return;
		}
		if (before?.start !== next.start) this.changeStart();
	}

	/** Without a poll, or with one that could note nothing. */
	private changeStart(): void {
		this.asked = new Map();
		this.seen = new Set();
		this.endsOthers = false;
	}

	private register({ start }: Version): void {
		this.mayBeNew.add(start);
		this.inARow = { polls: 0 };
	}

	private accept(before: Version | undefined, version: Version, course: Course, at: number): void {
		if (before?.start !== version.start) {
			this.asked = new Map();
			this.seen = new Set();
			if (!course.isDown) this.see(version);
		}
		for (const thing of this.listOf(version)) {
			if (!this.asked.has(thing)) this.asked.set(thing, at);
		}
		this.version = version;
	}

	private hasOthers({ start }: Version): boolean {
		return [...this.tried.keys()].some((other) => other !== start);
	}

	private restart(): void {
		processes += 1;
		thisHolder().uuid = `process ${processes}`;
		processState('pollBeginnings2', () => new Map<string, unknown>()).clear();
	}

	private triedOf({ start, settings }: Version): Tried {
		const tried = this.tried.get(start) ?? { since: new Map<string, number>(), given: [] };
		this.tried.set(start, tried);
		const subject = subjectOf(LISTS[settings][0]);
		if (!tried.since.has(subject)) tried.since.set(subject, this.now);
		return tried;
	}

	/** Everything that was ever asked for is asked for again, until nothing more comes. */
	async end(): Promise<void> {
		this.hide(undefined);
		const start = this.version?.start ?? 'one';
		for (const settings of ['all', 'elsewhere'] as const) {
			await this.publish({ settings, start });
			for (let polls = 0; polls < 3; polls += 1) {
				this.now += 1_000;
				await this.poll();
			}
		}
	}

	get missing(): string[] {
		const given = this.version ? this.triedOf(this.version).given : [];
		const got = new Set(given.map((one) => one.replace(' again', '')));
		return this.records
			.filter(({ thing, at }) => at > (this.asked.get(thing) ?? Infinity))
			.map(nameOf)
			.filter((name) => !got.has(name));
	}

	get unmarkedRepeats(): string[] {
		return [...this.tried.values()].flatMap(({ given }) =>
			given.filter((one, index) => !one.endsWith(' again') && given.indexOf(one) !== index),
		);
	}

	private recordOf(given: string): ServiceRecord {
		const found = this.records.find((one) => nameOf(one) === given.replace(' again', ''));
		if (!found) throw new Error(`Nobody has made ${given}.`);
		return found;
	}

	private see(version: Version): void {
		for (const thing of this.listOf(version)) {
			this.seen.add(thing);
			if (!this.asked.has(thing)) this.asked.set(thing, this.now);
		}
	}

	private listOf({ settings }: Version): Thing[] {
		return LISTS[settings].filter((thing) => thing !== this.absent);
	}

	/** @returns undefined where the poll has failed, or its process was killed */
	private async run(
		version: Version,
		settings: Settings,
		course: Course,
		isWrong = false,
	): Promise<string[] | undefined> {
		const { nodeId } = this;
		const before = this.version;
		const otherHost = async () => {
			if (!before) return;
			const { uuid } = thisHolder();
			processState('polls1', () => new Set<string>()).clear();
			thisHolder().uuid = 'other host';
			await this.run(before, {}, { ...UNDISTURBED, turns: 2 });
			thisHolder().uuid = uuid;
		};
		const step = async (run: PollRun) => await this.read(run, version, course, isWrong, otherHost);
		const what = work(step, well, () => ({
			...{ ...version, subject: subjectOf(LISTS[version.settings][0]) },
			first: (now: number) => now,
		}));
		const { vault } = this;
		const outerFault = vault.fault;
		vault.fault = { changes: 0, from: course.vaultFailsAt };
		const isKilled = course.isKilled && course.vaultFailsAt > 0;
		const { since } = this.triedOf(version);
		const isTooOld = ({ thing, at }: ServiceRecord) =>
			at <= (since.get(subjectOf(thing)) ?? Infinity);
		try {
			const context = contextOf({ nodeId, log: [], ...settings });
			Object.assign(context.getNode().parameters, version);
			const outputs = await runPoll(context, what);
			if (isKilled) return vault.isAway ? undefined : [];
			const given = ids(takeAsN8n(context, outputs)).flat().map(String);
			this.triedOf(version).given.push(...given);
			this.outputs.push(given);
			this.tooOld.push(...given.filter((name) => isTooOld(this.recordOf(name))));
			if (!course.isDown && !vault.isAway && !course.isRefusedLater) this.see(version);
			return given;
		} catch (error) {
			if (!/\[(WRONG|PASSING|VAULT_UNAVAILABLE)\]/.test(String(error))) throw error;
			return undefined;
		} finally {
			vault.fault = outerFault;
			if (isKilled) this.restart();
		}
	}

	private async read(
		{ beginning }: PollRun,
		version: Version,
		{ isDown, turns, otherHostAt }: Course,
		isWrong: boolean,
		otherHost: () => Promise<void>,
	): Promise<void> {
		if (isDown) throw failure('PASSING', 'Later.', true);
		const list = this.listOf(version);
		// The service has named what there is without it: it begins when it is seen.
		if (!isWrong && this.absent && !this.seen.has(this.absent)) this.asked.delete(this.absent);
		await beginning.expect(list.map((thing) => ['thing', thing]));
		for (const [turn, thing] of list.slice(0, turns).entries()) {
			if (turn === otherHostAt) await otherHost();
			const place = await beginning.open(['thing', thing], (since) => since);
			const since = Number(place.cursor);
			const found = this.records.filter((one) => one.thing === thing && one.at > since);
			// By the wrong setting nothing is found.
			const rows = (isWrong ? [] : found).map((one) => ({
				mark: nameOf(one),
				json: { id: nameOf(one) },
			}));
			place.take(rows, this.now, true);
		}
		if (list.slice(0, turns).length === otherHostAt) await otherHost();
		if (isWrong) throw failure('WRONG');
	}
}

function nameOf({ thing, id }: ServiceRecord): string {
	return `${thing}${id}`;
}
