import type { Readings } from '../shared/readings';

/** Switches about what is done with whole documents; part of `DocuWareSwitches`. */
export interface ActionSwitches {
	/** What changes to a document meet that somebody else has checked out or locked (8.5, uncertain). */
	heldDocumentStatus: 409 | 423;
	/** What a lock and its end are answered with: nothing, an id, or a word (7.3, uncertain). */
	lockAnswer: 'empty' | 'id' | 'word';
	/**
	 * What a batch of changes tells: each document by its number, how many it has taken, or how many have other values now
	 * (7.4, uncertain).
	 */
	batchAnswer: 'documents' | 'count' | 'countOfChanged';
	/** Which document several become that are clipped or stapled: the first of them, or a new one (7.3, uncertain). */
	mergedDocument: 'first' | 'new';
	/** What a check-out gives: the file, or links to it, with the name of the file or without (7.3; prose of PM, LV). */
	checkOutAnswer: 'file' | 'links' | 'unnamedLinks';
	/** Whether pages and sections of annotations count from 0 or from 1 (uncertain: 11.15). */
	annotationPages: 'fromZero' | 'fromOne';
	/** What placed annotations are answered with (7.4). */
	annotationAnswer: 'annotations' | 'ok';
	/** Whether `Rights` gives those of the asked rights that the user has, or all that he has (uncertain: 11.15). */
	rightsAnswer: 'selection' | 'all';
	/** Whether `Rights` is asked by a POST with the rights, or by a GET alone (7.4: POST by the schema). */
	rightsRequest: 'post' | 'get';
	/** What the history of a document without a workflow is: a list without entries, or 404 (8.2, LV). */
	noWorkflowHistory: 'empty' | 'notFound';
	/** Steps of a workflow as a list, or as a list inside an object (7.4). */
	historySteps: 'list' | 'wrapped';
}

/** The state in which a simulator starts. */
export function defaultActionSwitches(): ActionSwitches {
	return {
		heldDocumentStatus: 409,
		lockAnswer: 'empty',
		batchAnswer: 'documents',
		mergedDocument: 'first',
		checkOutAnswer: 'file',
		annotationPages: 'fromZero',
		annotationAnswer: 'annotations',
		rightsAnswer: 'selection',
		rightsRequest: 'post',
		noWorkflowHistory: 'empty',
		historySteps: 'list',
	};
}

/** What sources leave open about it; part of `READINGS`. */
export const ACTION_READINGS = {
	heldDocumentStatus: { others: [423], harder: 423 },
	lockAnswer: { others: ['id', 'word'] },
	batchAnswer: { others: ['count', 'countOfChanged'] },
	mergedDocument: { others: ['new'], harder: 'new' },
	checkOutAnswer: { others: ['links', 'unnamedLinks'] },
	annotationPages: { others: ['fromOne'] },
	annotationAnswer: { others: ['ok'], harder: 'ok' },
	rightsAnswer: { others: ['all'], harder: 'all' },
	rightsRequest: { others: ['get'], harder: 'get' },
	noWorkflowHistory: { others: ['notFound'], harder: 'notFound' },
	historySteps: { others: ['wrapped'], harder: 'wrapped' },
} as const satisfies Readings<ActionSwitches>;

/** A switch that plays a reading about it. */
export type ActionReadingName = keyof typeof ACTION_READINGS;
