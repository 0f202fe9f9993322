import { isRecord, parseJsonObject } from '../../shared/requestBody';
import { postTo, type OutgoingAnswer } from '../../shared/outgoingPost';
import type { SimulatedServer } from '../simulatedServer';
import type { SimulatedDialog, SimulatedFileCabinet } from '../world/cabinets';
import { fieldOf } from '../world/cabinets';
import type { IndexValues } from '../world/documents';
import { itemElements } from '../world/fields';
import type { SimulatedField } from '../world/fields';
import { passphraseOf } from '../worldData';
import { signatureHeader, signatureOf } from './signature';
import { jsonOf } from './webhookTemplate';

/** The service that a dialog asks before something is stored (docs/facts/docuware.md 8.6). */
export interface ConfiguredValidation {
	fileCabinetId: string;
	dialogId: string;
	url: string;
	/** Sent with each request, such as a secret. */
	headers: Record<string, string>;
}

/** A question and what came of it. */
export interface ValidationOutcome {
	accepted: boolean;
	/** What the user reads. */
	reason: string;
	/** What was asked, byte for byte. */
	question: string;
	/** Status and body of the answer. */
	answer: OutgoingAnswer;
}

/** What a question is about. */
export interface ValidationQuestion {
	fileCabinetId: string;
	dialogId: string;
	values: IndexValues;
	/** Login name; the long name is sent. */
	userName?: string;
}

/** Asks a service whether values may be stored, as the web client does (docs/facts/docuware.md 8.6). */
export class ValidationCaller {
	private readonly validations = new Map<string, ConfiguredValidation>();
	private outcomes: ValidationOutcome[] = [];

	constructor(private readonly server: SimulatedServer) {}

	/** What was asked so far, oldest first. */
	get asked(): readonly ValidationOutcome[] {
		return this.outcomes;
	}

	/**
	 * Names the service of a dialog, or takes it away where `url` is missing.
	 * @throws Error for an unknown dialog, or one that is neither for storing nor for index data
	 */
	configure(asked: {
		fileCabinetId: string;
		dialogId: string;
		url?: string;
		headers?: Record<string, string>;
	}): void {
		const { fileCabinetId, url, headers = {} } = asked;
		const { id: dialogId } = this.dialog(asked);
		if (url === undefined) this.validations.delete(dialogId);
		else this.validations.set(dialogId, { fileCabinetId, dialogId, url, headers });
	}

	/**
	 * The test of availability of a dialog's service, as an administrator starts it.
	 * @throws Error if the dialog has none
	 */
	async test(
		of: Pick<ValidationQuestion, 'fileCabinetId' | 'dialogId'>,
	): Promise<{ available: boolean; answers: OutgoingAnswer[] }> {
		const validation = this.validationOf(of);
		if (validation === undefined) throw new Error('The dialog has no validation.');
		const { availabilityTest, availabilitySigned } = this.server.switches;
		const answers: OutgoingAnswer[] = [];
		if (availabilityTest !== 'get') {
			const body = this.question({ ...of, values: {} }, []);
			answers.push(await this.send(validation, body, availabilitySigned));
		}
		if (availabilityTest !== 'noValues') answers.push(await this.send(validation, undefined));
		return { available: answers.every((answer) => read(answer).accepted), answers };
	}

	/** Asks about values; undefined where the dialog has no service, so that nothing keeps them out. */
	async ask(question: ValidationQuestion): Promise<ValidationOutcome | undefined> {
		const validation = this.validationOf(question);
		if (validation === undefined) return undefined;
		const body = this.question(question, this.fieldsOf(question));
		const answer = await this.send(validation, body);
		const outcome = { ...read(answer), question: body, answer };
		this.outcomes.push(outcome);
		return outcome;
	}

	/** Nothing is asked any more. */
	clear(): void {
		this.validations.clear();
		this.outcomes = [];
	}

	private validationOf(
		of: Pick<ValidationQuestion, 'fileCabinetId' | 'dialogId'>,
	): ConfiguredValidation | undefined {
		return this.validations.get(this.dialog(of).id);
	}

	/** Fields of the dialog, but tables. */
	private fieldsOf(of: ValidationQuestion): SimulatedField[] {
		const cabinet = this.server.cabinet(of.fileCabinetId);
		const { fields } = this.dialog(of);
		const shown =
			fields === undefined
				? cabinet.fields.filter(({ Scope }) => Scope === 'User')
				: fields.flatMap(({ name }) => fieldOf(cabinet, name) ?? []);
		return shown.filter(({ DWFieldType: type }) => type !== 'Table');
	}

	/** Written by hand, since decimals keep their digits. */
	private question(asked: ValidationQuestion, fields: readonly SimulatedField[]): string {
		const { server } = this;
		const cabinet = server.cabinet(asked.fileCabinetId);
		const organization = server.organization(cabinet);
		const dialog = this.dialog(asked);
		const head = {
			TimeStamp: `${new Date(server.now()).toISOString().slice(0, -1)}0000Z`,
			UserName: server.longName(asked.userName ?? 'api'),
			OrganizationName: organization.name,
			FileCabinetGuid: cabinet.id,
			DialogGuid: dialog.id,
			DialogType: dialog.type,
		};
		const isLeftOut = server.switches.validationEmptyFields === 'absent';
		const values = fields
			.filter(({ DBFieldName: name }) => !(isLeftOut && asked.values[name] === undefined))
			.map((field) => {
				const item = itemOf(field, asked.values);
				const names = `"FieldName":"${field.DBFieldName}","ItemElementName":"${itemElements[field.DWFieldType]}"`;
				return `{${names},"Item":${item}}`;
			});
		return `${JSON.stringify(head).slice(0, -1)},"Values":[${values.join(',')}]}`;
	}

	/**
	 * @param body undefined for a `GET`
	 * @param mayBeSigned as far as the version signs
	 */
	private async send(
		{ url, headers, fileCabinetId }: ConfiguredValidation,
		body: string | undefined,
		mayBeSigned = true,
	): Promise<OutgoingAnswer> {
		const { server } = this;
		const passphrase = passphraseOf(server.world, server.cabinet(fileCabinetId));
		const isSigned = mayBeSigned && server.abilities.signs && body !== undefined;
		return await postTo({
			url,
			method: body === undefined ? 'GET' : 'POST',
			body: body ?? '',
			headers: {
				...headers,
				...(body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
				...(isSigned ? { [signatureHeader]: signatureOf(body, passphrase) } : {}),
			},
			timeoutMs: server.scaledMs(server.switches.receiverTimeoutSeconds),
			signal: server.closing.signal,
		});
	}

	private dialog({
		fileCabinetId,
		dialogId,
	}: Pick<ValidationQuestion, 'fileCabinetId' | 'dialogId'>): SimulatedDialog {
		const cabinet: SimulatedFileCabinet = this.server.cabinet(fileCabinetId);
		const dialog = cabinet.dialogs.find(({ id }) => id.toLowerCase() === dialogId.toLowerCase());
		if (dialog?.type !== 'Store' && dialog?.type !== 'InfoDialog') {
			throw new Error(`'${dialogId}' is no store dialog and no info dialog.`);
		}
		return dialog;
	}
}

function itemOf(field: SimulatedField, values: IndexValues): string {
	const value = values[field.DBFieldName];
	if (value === undefined) return 'null';
	const json = jsonOf(field, value);
	return field.DWFieldType === 'Keyword' ? `{"Keyword":${json}}` : json;
}

/** 200 with `Status` `OK` lets pass; everything else refuses, with the reason if there is one. */
function read({ status, body }: OutgoingAnswer): { accepted: boolean; reason: string } {
	const answer = parseJsonObject(body);
	if (status !== 200 || !isRecord(answer)) {
		return { accepted: false, reason: `The validation service answers ${status ?? 'nothing'}.` };
	}
	const { Status: word, Reason: reason } = answer;
	return { accepted: word === 'OK', reason: typeof reason === 'string' ? reason : '' };
}
