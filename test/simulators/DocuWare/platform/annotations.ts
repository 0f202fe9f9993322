import type { Answer } from '../../shared/answers';
import { isRecord } from '../../shared/requestBody';
import { errorAnswer, resourceAnswer } from '../http/answers';
import { InvalidValue } from '../world/sentValues';
import type { SimulatedFileCabinet } from '../world/cabinets';
import type { PlacedAnnotation, StoredDocument } from '../world/documents';
import { isAnswer } from './authentication';
import type { PlatformCall, Principal, SignedInHandler } from './call';
import { documentFor } from './documents';
import { readLayers } from './annotationLayers';
import type { AnnotationChange, Page } from './annotationLayers';
import { cabinetById } from './fileCabinets';
import { readJson } from './jsonBody';
import { ForbiddenStamp, readStampPlacement } from './stampPlacement';

/** `GET Documents/{id}/Annotation` (docs/facts/docuware.md 7.3). */
export const getAnnotations: SignedInHandler = (call, principal) => {
	const found = documentFor(call, principal, 'General_DisplayDocument');
	if (isAnswer(found)) return found;
	return resourceAnswer(call.request, 'DocumentAnnotations', shown(call, found.document));
};

/**
 * `POST Documents/{id}/Annotation`: stamps and layers of notes, placed on pages of sections (7.3, 7.4). All of
 * them are placed, or none.
 */
export const placeAnnotations: SignedInHandler = (call, principal) => {
	const found = documentFor(call, principal, 'Annotation_New');
	if (isAnswer(found)) return found;
	const body = readJson(call);
	if (isAnswer(body)) return body;
	const { document, cabinet } = found;
	const { Annotations: sent } = body.sent;
	if (!Array.isArray(sent) || sent.length === 0) {
		return errorAnswer(call.request, 400, 'The annotations cannot be read.');
	}
	return changed(call, principal, document, () =>
		sent.flatMap((entry) => readPage(call, principal, cabinet, document, entry)),
	);
};

/** What is to change on one page. */
function readPage(
	call: PlatformCall,
	principal: Principal,
	cabinet: SimulatedFileCabinet,
	document: StoredDocument,
	entry: unknown,
): AnnotationChange[] {
	const page = pageOf(call, document, entry);
	const placement: unknown = isRecord(entry) ? entry['AnnotationsPlacement'] : undefined;
	const items: unknown = isRecord(placement) ? placement['Items'] : undefined;
	if (!Array.isArray(items) || items.length === 0) {
		throw new InvalidValue('AnnotationsPlacement has no Items.');
	}
	return items.flatMap((item: unknown) => readItem(call, principal, cabinet, document, page, item));
}

function readItem(
	call: PlatformCall,
	principal: Principal,
	cabinet: SimulatedFileCabinet,
	document: StoredDocument,
	page: Page,
	item: unknown,
): AnnotationChange[] {
	if (!isRecord(item)) throw new InvalidValue('An annotation cannot be read.');
	switch (item['$type']) {
		case 'StampPlacement':
			requireRight(call, principal, cabinet, 'Annotation_Stamp_New');
			return [readStampPlacement(cabinet, page, item)];
		case 'Annotation':
			return readLayers(document, page, item);
		default:
			throw new InvalidValue(`'${String(item['$type'])}' is no annotation.`);
	}
}

/** A stamp or layers of notes on one page, which answer with what was placed (TS). */
export function placeOnPage(
	call: PlatformCall,
	principal: Principal,
	document: StoredDocument,
	page: Page,
	item: Record<string, unknown>,
): Answer {
	const cabinet = cabinetById(call, principal, document.fileCabinetId);
	if (isAnswer(cabinet)) return cabinet;
	return changed(call, principal, document, () =>
		readItem(call, principal, cabinet, document, page, item),
	);
}

/** Makes changes that were read without an error, and shows the annotations. */
function changed(
	call: PlatformCall,
	principal: Principal,
	document: StoredDocument,
	read: () => AnnotationChange[],
): Answer {
	try {
		for (const change of read()) apply(document, change, call, principal);
	} catch (error) {
		if (error instanceof ForbiddenStamp) return errorAnswer(call.request, 403, error.message);
		throw error;
	}
	return call.server.switches.annotationAnswer === 'ok'
		? resourceAnswer(call.request, 'Result', { Ok: true })
		: resourceAnswer(call.request, 'DocumentAnnotations', shown(call, document));
}

function requireRight(
	call: PlatformCall,
	principal: Principal,
	cabinet: SimulatedFileCabinet,
	right: 'Annotation_Stamp_New',
): void {
	if (isAnswer(cabinetById(call, principal, cabinet.id, right))) {
		throw new ForbiddenStamp(`User ${principal.user.name} may not place stamps.`);
	}
}

/** Sections and pages count from 0 as in the vendor's example, by switch from 1 (7.4, uncertain). */
function pageOf({ server }: PlatformCall, document: StoredDocument, entry: unknown): Page {
	if (!isRecord(entry)) throw new InvalidValue('An annotation cannot be read.');
	const first = server.switches.annotationPages === 'fromOne' ? 1 : 0;
	const [section, page] = [entry['SectionNumber'] ?? first, entry['PageNumber'] ?? first].map(
		(number) => (typeof number === 'number' ? number - first : NaN),
	) as [number, number];
	const stored = document.sections[section];
	if (stored === undefined) {
		throw new InvalidValue(`The document has no section ${String(entry['SectionNumber'])}.`);
	}
	if (!Number.isInteger(page) || page < 0 || page >= stored.pageCount) {
		throw new InvalidValue(`The section has no page ${String(entry['PageNumber'])}.`);
	}
	return { section, page };
}

function apply(
	document: StoredDocument,
	change: AnnotationChange,
	{ server }: PlatformCall,
	{ user }: Principal,
): void {
	const at = document.annotations.findIndex(({ id }) => id === change.id);
	if (change.kind === 'delete') {
		document.annotations.splice(at, 1);
		return;
	}
	server.lastAnnotation += 1;
	const id = change.id ?? annotationId(server.lastAnnotation);
	const placed: PlacedAnnotation = {
		...change.page,
		id,
		layer: change.layer,
		text: change.text,
		entry: {
			...change.entry,
			Created: { User: user.name, Time: `/Date(${server.now()})/` },
			Id: id,
		},
	};
	if (at < 0) document.annotations.push(placed);
	else document.annotations[at] = placed;
}

/** Annotations by page and layer, as PM shows them. */
function shown({ server }: PlatformCall, { annotations }: StoredDocument): object {
	const first = server.switches.annotationPages === 'fromOne' ? 1 : 0;
	const pages = new Map<string, PlacedAnnotation[]>();
	for (const annotation of annotations) {
		const key = `${annotation.section} ${annotation.page}`;
		pages.set(key, [...(pages.get(key) ?? []), annotation]);
	}
	return {
		Annotations: [...pages.values()].map((own) => ({
			Annotation: [...new Set(own.map(({ layer }) => layer))].map((layer) => ({
				Items: own.filter((one) => one.layer === layer).map(({ entry }) => entry),
				Id: layer,
			})),
			SectionNumber: (own[0]?.section ?? 0) + first,
			PageNumber: (own[0]?.page ?? 0) + first,
		})),
	};
}

function annotationId(number: number): string {
	return `${number.toString(16).padStart(8, '0')}-7799-4a7b-a9c4-fc21750637cc`;
}
