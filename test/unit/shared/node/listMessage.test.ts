import { ConnectorError } from '../../../../nodes/shared/errors';
import { listMessage } from '../../../../nodes/shared/node/listMessage';
import { inField, invalidValueWith } from '../../../../nodes/shared/values/invalidValue';
import { shownInList } from '../../../support/shownInList';

it('keeps hyphens, of which n8n makes blanks, as hyphens that do not break', () => {
	const error = new ConnectorError('EXACT_NOT_CONNECTED', 'The log-in has ended.', {
		repair: 'Set Log-In Way.',
	});
	expect(listMessage(error)).toBe(
		'The log\u2011in has ended. Set Log\u2011In Way. [EXACT_NOT_CONNECTED]',
	);
	expect(shownInList(listMessage(error))).toBe(listMessage(error));
});

it('leaves out what there is no room for, by whole sentences, and never the first', () => {
	const sentence = (length: number) => `Do ${'x'.repeat(length - 4)}.`;
	const of = (repair: string) =>
		listMessage(new ConnectorError('EXACT_NOT_FOUND', 'Not there: ID 7.', { repair }));
	expect(of(`${sentence(100)} ${sentence(200)} ${sentence(20)}`)).toBe(
		`Not there. ${sentence(100)} [EXACT_NOT_FOUND]`,
	);
	expect(of(sentence(300))).toBe(`Not there. ${sentence(300)} [EXACT_NOT_FOUND]`);
	expect(of('Look again. Look elsewhere.')).toBe(
		'Not there. Look again. Look elsewhere. [EXACT_NOT_FOUND]',
	);
});

it('asks what may have been meant', () => {
	const error = new ConnectorError(
		'DOCUWARE_UNKNOWN_NAME',
		'None is named "Invoicez". Did you mean Invoices?',
		{ repair: 'Correct the name.' },
	);
	expect(listMessage(error)).toBe(
		'None is named "Invoicez". Did you mean Invoices? Correct the name. [DOCUWARE_UNKNOWN_NAME]',
	);
});

it('names the field and the value that was typed', () => {
	const invalid = invalidValueWith('DOCUWARE_INVALID_VALUE');
	const fail = () =>
		inField('Amount', () => {
			throw invalid('much', 'is not a number.', 'Enter a number.');
		});
	expect(fail).toThrow(ConnectorError);
	try {
		fail();
	} catch (error) {
		expect(listMessage(error as ConnectorError)).toBe(
			'Amount: "much" is not a number. Enter a number. [DOCUWARE_INVALID_VALUE]',
		);
	}
});
