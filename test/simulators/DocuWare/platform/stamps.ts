import { resourceAnswer } from '../http/answers';
import { tinyPng } from '../world/renderings';
import type { SimulatedStamp } from '../world/cabinets';
import { isAnswer } from './authentication';
import { platformPath } from './call';
import type { SignedInHandler } from './call';
import { cabinetFor } from './fileCabinets';

/** Font of stamps and notes that name none. */
export const plainFont = {
	FontName: 'Arial',
	Bold: false,
	Italic: false,
	Underlined: false,
	StrikeThrough: false,
	FontSize: 200,
	Spacing: 0,
};

/** `GET FileCabinets/{id}/Stamps` (docs/facts/docuware.md 7.3, 7.4). */
export const listStamps: SignedInHandler = (call, principal) => {
	const cabinet = cabinetFor(call, principal, 'General_DisplayDocument');
	if (isAnswer(cabinet)) return cabinet;
	const self = `${platformPath}/FileCabinets/${cabinet.id}/Stamps`;
	return resourceAnswer(call.request, 'Stamps', {
		Stamp: (cabinet.stamps ?? []).map((stamp) => stampResource(stamp, self)),
		Links: [{ rel: 'self', href: self }],
	});
};

function stampResource({ id, name, password, formFields }: SimulatedStamp, list: string): object {
	return {
		Type: 'TextStamp',
		FormField: formFields.map((field) => ({
			Name: field.name,
			Label: field.label,
			Length: field.length,
			Precision: 0,
			Mask: '',
			MaskErrorText: '',
			NotEmpty: field.notEmpty,
		})),
		Fields: [],
		HeadFont: plainFont,
		Item: { $type: 'TextStamp', PngData: tinyPng.toString('base64') },
		Links: [{ rel: 'asBitmap', href: `${list}/${id}/Bitmap` }],
		PasswordProtected: password !== undefined,
		Signature: 'None',
		Color: 'Red',
		Name: name,
		DisplayName: name,
		Overwrite: false,
		Id: id,
		IsHidden: false,
		Autosave: -1,
		CloseAfterStampSet: false,
		AutomaticallyOpenNextDocument: false,
		KeepStampActive: false,
	};
}
