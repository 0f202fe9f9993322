import type {
	SyncPlan,
	SyncSource,
	SyncStream,
} from '../../../../../../nodes/ExactOnline/resources/changes/syncReading';
import type { ExactRow } from '../../../../../../nodes/ExactOnline/wire/exactTypes';

interface Versioned {
	timestamp: number;
	value: number;
}

interface Document extends Versioned {
	lines: Map<string, Versioned>;
	/** Written by a transaction that has not ended. */
	late?: Versioned;
}

/** Versions that come after that of a transaction before it ends. */
const LATE_BY = 8;

/** Between two versions: a transaction and the reading in which it ends take less than the time that is read again. */
const STEP_MS = 30_000;

/** What can happen at the service. */
export type ServiceStep =
	| { do: 'create' }
	| { do: 'change'; which: number }
	| { do: 'changeLine'; which: number }
	/** Shows only when some others that were written later have been shown. */
	| { do: 'changeLate'; which: number }
	| { do: 'delete'; which: number }
	| { do: 'deleteOther' };

const DOCUMENT = 32;
const LINE = 33;
const OTHER = 2;

/** Rows of one page; small, so that much happens between two of them. */
const PAGE = 2;

/** One of the ways in which an entity stands in its sync endpoints. */
export type Layout = 'plain' | 'split' | 'mixed';

/** A service in which documents with lines are made, changed and deleted, also while they are read. */
export class ChangingService {
	readonly documents = new Map<string, Document>();
	private readonly deletions: Array<{ timestamp: number; type: number; key: string }> = [];
	private timestamp = 10;
	private made = 0;
	private lines = 0;

	/** @param layout where lines stand, if there are any */
	constructor(private readonly layout: Layout) {}

	get plan(): SyncPlan {
		const records: SyncStream = {
			path: 'records',
			key: 'DocumentID',
			isLine: (row) => this.layout === 'mixed' && row.LineNumber !== 0,
		};
		return {
			records,
			deletedType: DOCUMENT,
			...(this.layout === 'split' && {
				lines: { path: 'lines', key: 'DocumentID', isLine: () => true },
				deletedLineType: LINE,
			}),
		};
	}

	step(step: ServiceStep): void {
		this.endTransactions(LATE_BY);
		const ids = [...this.documents.keys()];
		if (step.do === 'create') {
			this.made += 1;
			const document = { ...this.version(), lines: new Map<string, Versioned>() };
			this.documents.set(`d${this.made}`, document);
			this.addLine(document);
			return;
		}
		if (step.do === 'deleteOther') {
			this.deletions.push({ timestamp: this.next(), type: OTHER, key: 'other' });
			return;
		}
		const id = ids[step.which % Math.max(1, ids.length)];
		const document = id === undefined ? undefined : this.documents.get(id);
		if (id === undefined || document === undefined || document.late) return;
		if (step.do === 'changeLate') document.late = this.version();
		if (step.do === 'change') Object.assign(document, this.version());
		if (step.do === 'changeLine') this.addLine(document);
		if (step.do !== 'delete') return;
		this.documents.delete(id);
		this.deletions.push({ timestamp: this.next(), type: DOCUMENT, key: id });
	}

	/** @param after so many later versions, or at once */
	endTransactions(after = 0): void {
		for (const document of this.documents.values()) {
			const { late } = document;
			if (late === undefined || this.timestamp < late.timestamp + after) continue;
			Object.assign(document, late);
			delete document.late;
		}
	}

	/** @param meanwhile happens between two pages */
	source(meanwhile: () => void): SyncSource {
		return {
			changes: (stream, after) => pages(() => this.rows(stream.path), after, meanwhile),
			deletions: (after) => pages(() => this.deletedRows(), after, meanwhile),
		};
	}

	private rows(path: string): ExactRow[] {
		return [...this.documents].flatMap(([DocumentID, { lines, late: _hidden, ...document }]) => {
			const record = { DocumentID, ID: DocumentID, LineNumber: 0, ...shown(document) };
			const lineRows = [...lines].map(([ID, line]) => ({
				...{ DocumentID, ID, LineNumber: 1 },
				...shown(line),
			}));
			if (path === 'lines') return lineRows;
			return this.layout === 'mixed' ? [record, ...lineRows] : [record];
		});
	}

	private deletedRows(): ExactRow[] {
		return this.deletions.map(({ timestamp, type, key }) => ({
			...{ Timestamp: timestamp, EntityType: type, EntityKey: key },
			DeletedDate: `/Date(${timestamp * STEP_MS})/`,
		}));
	}

	private addLine(document: Document): void {
		const [changed] = document.lines.keys();
		const isNew = this.layout !== 'plain' && (changed === undefined || document.lines.size < 2);
		if (this.layout === 'plain') return;
		this.lines += 1;
		document.lines.set(isNew ? `l${this.lines}` : String(changed), this.version());
	}

	private version(): Versioned {
		const timestamp = this.next();
		return { timestamp, value: timestamp };
	}

	private next(): number {
		this.timestamp += 1;
		return this.timestamp;
	}
}

function shown({ timestamp, value }: Versioned): ExactRow {
	const Modified = `/Date(${timestamp * STEP_MS})/`;
	return { Timestamp: String(timestamp), Modified, Value: value };
}

/** Each page is worked out when it is asked for, after the version of the row before. */
async function* pages(
	rows: () => ExactRow[],
	after: string,
	meanwhile: () => void,
): AsyncGenerator<ExactRow[]> {
	let last = Number(after);
	for (;;) {
		const page = rows()
			.filter(({ Timestamp }) => Number(Timestamp) > last)
			.sort((one, other) => Number(one.Timestamp) - Number(other.Timestamp))
			.slice(0, PAGE);
		meanwhile();
		yield await Promise.resolve(page);
		const end = page.at(-1);
		if (end === undefined) return;
		last = Number(end.Timestamp);
	}
}
