import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';
import { DOCUMENT_MEMBERS } from '../resources/common/documentOutput';
import { organizationPages } from '../api/organizationPages';
import { chosenCabinetId, chosenValue, withClient, withFacts } from './withClient';

/** The organizations for a drop-down. */
export async function getOrganizations(
	this: ILoadOptionsFunctions,
): Promise<INodePropertyOptions[]> {
	return await withClient(this, async (client) => {
		const options: INodePropertyOptions[] = [];
		for await (const page of organizationPages(client, undefined)) {
			for (const { Id, Name } of page) {
				options.push({ name: String(Name ?? Id), value: String(Id) });
			}
		}
		return options;
	});
}

/** What a document says of itself, and the index fields of the chosen file cabinet, those of the system last. */
export async function getDocumentFields(
	this: ILoadOptionsFunctions,
): Promise<INodePropertyOptions[]> {
	return await withFacts(this, async (call) => {
		const cabinetId = await chosenCabinetId(this, call);
		const fields = cabinetId === undefined ? [] : (await call.facts.cabinet(cabinetId)).fields;
		const inOrder = [...fields].sort((one, other) => Number(one.isSystem) - Number(other.isSystem));
		return [
			...DOCUMENT_MEMBERS.map((name) => ({ name, value: name })),
			...inOrder.map(({ name, label }) => ({ name: labelled(name, label), value: name })),
		];
	});
}

/** Index fields of the chosen dialog, else of the file cabinet, that have values to choose from. */
export async function getListedFields(
	this: ILoadOptionsFunctions,
): Promise<INodePropertyOptions[]> {
	return await withFacts(this, async (call) => {
		const cabinetId = await chosenCabinetId(this, call);
		if (cabinetId === undefined) return [];
		const dialog = chosenValue(this, 'dialogId');
		const { fields } =
			dialog === undefined
				? await call.facts.cabinet(cabinetId)
				: await call.facts.dialog(cabinetId, await call.facts.dialogIdOf(cabinetId, dialog.text));
		return fields
			.filter(({ type }) => type !== 'Table' && type !== 'Memo')
			.map(({ name, label }) => ({ name: labelled(name, label), value: name }));
	});
}

/** Keyword fields of the chosen file cabinet. */
export async function getKeywordFields(
	this: ILoadOptionsFunctions,
): Promise<INodePropertyOptions[]> {
	return await withFacts(this, async (call) => {
		const cabinetId = await chosenCabinetId(this, call);
		const fields = cabinetId === undefined ? [] : (await call.facts.cabinet(cabinetId)).fields;
		return fields
			.filter(({ type }) => type === 'Keyword')
			.map(({ name, label }) => ({ name: labelled(name, label), value: name }));
	});
}

/** The index fields of the chosen file cabinet by which a document is known again: its own, and no tables. */
export async function getMatchFields(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return await withFacts(this, async (call) => {
		const cabinetId = await chosenCabinetId(this, call);
		const fields = cabinetId === undefined ? [] : (await call.facts.cabinet(cabinetId)).fields;
		return fields
			.filter(({ isSystem, type }) => !isSystem && type !== 'Table')
			.map(({ name, label }) => ({ name: labelled(name, label), value: name }));
	});
}

function labelled(name: string, label: string): string {
	return label === name ? name : `${label} (${name})`;
}
