import { optionsCollection } from '../../../shared/node/optionsField';
import { changesAsTool, changesField } from '../../../shared/node/toolChanges';
import { sessionFields } from '../common/sessionFields';
import type { DocuWareOperation } from '../operation';
import { annotationsField, readAnnotations } from './annotationFields';
import { annotationBody } from './annotations';
import { documentTargetFields } from './documentTarget';
import { linkOf, placeOf, readDocument } from './locatedDocument';
import { placeOptions, readPlace } from './pagePlace';
import { sendChange } from './sendChange';

/** `POST …/Annotation` with texts, rectangles and lines (docs/facts/docuware.md 7.3, 7.4). */
export const addAnnotation: DocuWareOperation = {
	name: 'Add Annotation',
	value: 'addAnnotation',
	action: 'Add annotation to document',
	description: 'Write, mark or draw on a page of a document',
	fields: [
		changesField,
		...sessionFields,
		...documentTargetFields,
		annotationsField,
		optionsCollection(placeOptions),
	],
	refusedAsTool: changesAsTool,
	async execute(call) {
		const place = readPlace(call);
		const annotations = readAnnotations(call);
		const document = await readDocument(call);
		await sendChange(call, {
			method: 'POST',
			address: linkOf(call, document, 'annotation'),
			body: annotationBody(place, annotations),
		});
		const { section, page } = place;
		return [{ json: { added: annotations.length, ...placeOf(document), section, page } }];
	},
};
