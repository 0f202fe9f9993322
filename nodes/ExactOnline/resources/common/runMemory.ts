import type { ExactOnlineClientOptions } from '../../api/exactOnlineClient';
import type { Codes } from '../../catalogue/firstClass/resourceData';
import type { Moment } from '../../../shared/vault/spending/standstill';
import type { ExactRow } from '../../wire/exactTypes';
import type { NodeAccessTokenSource } from '../../auth/nodeAccessTokenSource';

/** How a run stands to Exact's limits. */
export interface RunLimits extends Pick<ExactOnlineClientOptions, 'parallel' | 'isUnguarded'> {
	/** How long an item waits for the minute of its division, in milliseconds; missing where it waits as long as it takes. */
	longestWaitMs?: number;
}

/** What a look-up of several records together has told of one of them. */
export interface KnownMatch {
	/** All records that match. */
	rows: readonly ExactRow[];
	/** The last turn at what is looked for, before the look-up; undefined where "nothing is there" says nothing. */
	turn?: number;
	/** When the look-up began. */
	lookedAt: Moment;
}

/** What the run knows of records that its next items may make; see `records/knownMatches.ts`. */
export interface MatchesAhead {
	/** Of the last look-up, by filter. */
	known: ReadonlyMap<string, KnownMatch>;
	/** Before which item it has looked ahead. */
	until: number;
}

/** What the items of one execution need not find out each for itself. */
export interface RunMemory {
	/** The credential as it was last read, and when (monotonic clock, ms). */
	source?: { value: NodeAccessTokenSource; readAt: number };
	/** How the run stands to Exact's limits. */
	callLimits?: RunLimits;
	/** Current division by app and user. */
	currentDivisions: Map<string, number>;
	/** What all divisions say of their moves, by app and user. */
	moves: Map<string, Promise<ReadonlyMap<number, string>>>;
	/** Identifiers of records that were named by their code; undefined where there is none. */
	references: Map<string, Promise<string | undefined>>;
	/** Words of coded fields that another endpoint has, by user, division and endpoint. */
	lists: Map<string, Promise<Codes>>;
	/** Those of them that were asked for to show words, and refused. */
	listsRefused: Set<string>;
	/** Types of journals by user, division and code; undefined where there is none. */
	journalTypes: Map<string, Promise<number | undefined>>;
	/** What was looked for together for the next items, by user, division and endpoint. */
	matchesAhead: Map<string, MatchesAhead>;
	/** Where the codes of all documents of the run were looked up together. */
	codesAsked: Set<string>;
	/** Where codes of the items ahead were looked up together: before which item, and when that has ended. */
	codesAhead: Map<string, { until: number; done: Promise<void> }>;
	/** What has become of Get Changes so far; see `changes/endings.ts`. */
	changes: {
		/** Items that were read without a failure. */
		items: number;
		hasErrorRows: boolean;
		/** What *Confirm at Once* confirms when the last item has been read. */
		toConfirm: Array<() => Promise<void>>;
		/** Which time the node runs in its execution. */
		round?: number;
		/** What an earlier try has left behind, on its way out. */
		earlierTry?: Promise<void>;
	};
}

export function createRunMemory(): RunMemory {
	return {
		currentDivisions: new Map(),
		moves: new Map(),
		references: new Map(),
		lists: new Map(),
		listsRefused: new Set(),
		journalTypes: new Map(),
		matchesAhead: new Map(),
		codesAsked: new Set(),
		codesAhead: new Map(),
		changes: { items: 0, hasErrorRows: false, toConfirm: [] },
	};
}
