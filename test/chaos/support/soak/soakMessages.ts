import type { Authorization } from '../../../../nodes/shared/tokenChain/types';
import type { FakeRun } from '../../../integration/DocuWare/support/fakeNode';

/** What a worker does until it is told to stop, or ends. */
export interface SoakOrder {
	/** Connections of Exact Online, each with a division of its user; each lane of executions takes them in turns. */
	connections: Array<{ authorization: Authorization; division: number }>;
	/** Credentials of DocuWare; the execution id is made anew for each execution. */
	runs: FakeRun[];
	/** Executions at a time. */
	lanes: number;
	/** Pause of a lane between two executions, around which it varies, in milliseconds. */
	pauseMs: number;
	seed: string;
}

/** An execution that has ended. Times by the wall clock, in milliseconds. */
export interface EndedExecution {
	service: 'Exact Online' | 'DocuWare';
	startedAt: number;
	endedAt: number;
	/** Only where it failed. */
	failure?: { code: string; message: string };
}

/** What a worker tells without being asked. */
export type SoakNotice = { began: true } | { ended: EndedExecution };
