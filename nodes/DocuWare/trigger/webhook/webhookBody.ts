import type { IDataObject } from 'n8n-workflow';
import { decodeText, isRecord, parseJsonDigits } from '../../../shared/http';

/** What a webhook of DocuWare tells (docs/facts/docuware.md 8.3). */
export interface WebhookEvent {
	/** Number of the document; null where the template has no `DWDOCID`. */
	documentId: number | null;
	/** Time of its latest change as it was sent; null where the template has no `DWMODDATETIME`. */
	changedAt: string | null;
	/** The members of the body, as the template in DocuWare names them. */
	values: IDataObject;
}

const DOCUMENT_ID = 'DWDOCID';
const CHANGED_AT = 'DWMODDATETIME';

/** Some time, in whatever form; not a place in the template where none was put in. */
const HAS_TIME = /\d/;

/** Name of the body where it is no object. */
const WHOLE_BODY = 'body';

/**
 * What a body tells.
 * @param contentType as it was sent, for the charset; UTF-8 where it names none
 * @returns undefined for what is no JSON
 */
export function readWebhookBody(body: Buffer, contentType?: string): WebhookEvent | undefined {
	const json = parseJsonDigits(decodeText(body, contentType));
	if (json === undefined) return undefined;
	const values = isRecord(json) ? json : { [WHOLE_BODY]: json };
	const changedAt = member(values, CHANGED_AT);
	return {
		documentId: numberOf(member(values, DOCUMENT_ID)),
		changedAt: timeIn(changedAt),
		values: values as IDataObject,
	};
}

/** The time as it was sent, a text or a number; null for what is none. */
function timeIn(value: unknown): string | null {
	const text = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
	return HAS_TIME.test(text) && Number(text) !== 0 ? text : null;
}

/** The member of this name, in whatever case the template has it. */
function member(values: Readonly<Record<string, unknown>>, name: string): unknown {
	const key = Object.keys(values).find((one) => one.toUpperCase() === name);
	return key === undefined ? undefined : values[key];
}

function numberOf(value: unknown): number | null {
	const text = typeof value === 'number' || typeof value === 'string' ? String(value).trim() : '';
	return /^\d{1,15}$/.test(text) && Number(text) > 0 ? Number(text) : null;
}
