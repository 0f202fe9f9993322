import { createHash } from 'node:crypto';
import { ConnectorError } from '../../../shared/errors';
import type { PlatformResource } from '../../api/platformClient';
import { fieldsIn } from '../../fields/readFields';
import { serviceMoment } from '../../fields/serviceDates';
import { documentIdOf, isUsers } from '../../resources/common/documentOutput';
import { STORED_ONCE, type Mark } from './pollCursor';
import { TIMES, type PollEvent } from './pollEvents';

/** Whether the oldest or the newest documents are asked for first. */
export type Direction = 'Asc' | 'Desc';

/** A document of a list with its mark. */
export interface Found {
	document: PlatformResource;
	mark: Mark;
	/** Its mark for the event *stored*, where it says when it was stored. */
	storedMark: Mark | undefined;
	/** The document and the time of its last change (ms), whatever the event. */
	version: Pick<Mark, 'id' | 'at'>;
	/** Whether it was changed after it was stored, as far as its times tell. */
	isChanged: boolean;
}

/** Letters of a digest that are kept; two versions of a document within minutes with one digest do not happen. */
const DIGEST_LENGTH = 10;

/**
 * A document of a list by the time of an event.
 * @throws ConnectorError DOCUWARE_UNEXPECTED_ANSWER for one without number or time: nobody could go on after it
 */
export function foundDocument(document: PlatformResource, event: PollEvent): Found {
	const id = documentIdOf(document);
	const [stored, changed] = [timeIn(document, 'stored'), timeIn(document, 'changed')];
	const at = event === 'stored' ? stored : changed;
	if (id === null || at === undefined) throw withoutTime(id, event);
	return {
		document,
		mark: { id, at, digest: event === 'stored' ? STORED_ONCE : digestOf(document) },
		storedMark: stored === undefined ? undefined : { id, at: stored, digest: STORED_ONCE },
		version: { id, at: changed ?? at },
		isChanged: changed !== undefined && (stored === undefined || changed > stored),
	};
}

/** The time of an event as the service wrote it, ms; of the index field, which the service searches by, else beside it. */
function timeIn(document: PlatformResource, event: PollEvent): number | undefined {
	const { field, member } = TIMES[event];
	const own = fieldsIn(document.Fields).find(({ FieldName: name }) => name === field);
	return serviceMoment(own?.Item) ?? serviceMoment(document[member]);
}

/** Of what users give a document. Its other values may change without a change of the document, such as its last access. */
function digestOf({ Fields, FileSize, TotalPages, SectionCount }: PlatformResource): string {
	const values = fieldsIn(Fields)
		.filter(isUsers)
		.map(({ FieldName: name, Item: item }) => JSON.stringify([name, item ?? null]))
		.sort();
	const text = JSON.stringify([FileSize, TotalPages, SectionCount, ...values]);
	return createHash('sha256').update(text).digest('base64url').slice(0, DIGEST_LENGTH);
}

function withoutTime(id: number | null, event: PollEvent): ConnectorError {
	return new ConnectorError(
		'DOCUWARE_UNEXPECTED_ANSWER',
		`${id === null ? 'A document without a number' : `Document ${id}`} came without ${TIMES[event].field}, so that nobody can say where the next poll has to go on.`,
		{
			repair:
				'Check in DocuWare that the user may see the system fields of the file cabinet, and that no proxy changes its answers.',
		},
	);
}

/** A server that does not keep to the order by time that was asked for. */
export function notInTimeOrder(field: string): ConnectorError {
	return new ConnectorError(
		'DOCUWARE_UNEXPECTED_ANSWER',
		`DocuWare did not give the documents in the order of ${field}, so reading on could lose some.`,
		{
			repair:
				'Leave Search Dialog empty, which takes the dialog of all fields. If this stays, follow the file cabinet by a webhook.',
		},
	);
}

/** Whether documents come in the order of their times. To the second: a service may compare no finer. */
export function isInOrder(found: readonly Found[], direction: Direction): boolean {
	const sign = direction === 'Asc' ? 1 : -1;
	return found.every(({ mark }, index) => {
		const before = found[index - 1];
		return before === undefined || sign * (mark.at - before.mark.at) > -1_000;
	});
}
