import { ConnectorError } from '../../../shared/errors';
import { isRecord } from '../../../shared/http';
import { takeRows } from '../../../shared/node/listFields';
import { didYouMean } from '../../../shared/values/nearNames';
import type { CabinetFacts } from '../../api/cabinetFacts';
import { cabinetLink } from '../../api/documentLinks';
import type { PlatformClient, PlatformResource } from '../../api/platformClient';
import type { OperationCall } from '../operation';

/** What a stamp asks for when it is placed (docs/facts/docuware.md 7.4). */
export interface StampFormField {
	/** As the stamp calls it, such as `<#1>`. */
	name: string;
	/** What people see. */
	label: string;
	isRequired: boolean;
	/** Most characters; undefined where nothing is said. */
	length?: number;
	/** Decimals; undefined where nothing is said. */
	precision?: number;
}

export interface Stamp {
	id: string;
	name: string;
	needsPassword: boolean;
	formFields: readonly StampFormField[];
	resource: PlatformResource;
}

/** What reads the stamps of a cabinet. */
interface StampReader {
	client: PlatformClient;
	facts: CabinetFacts;
	signal?: AbortSignal | undefined;
}

/** The stamps that the user may place in a file cabinet or tray. */
export async function readStamps(
	{ client, facts, signal }: StampReader,
	cabinetId: string,
): Promise<Stamp[]> {
	const { resource } = await facts.cabinet(cabinetId);
	const path = cabinetLink(client, cabinetId, resource, 'stamps');
	const rows = await takeRows(client.pages({ path, signal }, 'Stamp'), Infinity);
	return rows.map(stampOf);
}

/**
 * The stamp that is given by ID or by name; the stamps of a cabinet are read once per run.
 * @throws ConnectorError DOCUWARE_UNKNOWN_NAME, DOCUWARE_AMBIGUOUS_NAME
 */
export async function findStamp(
	call: OperationCall,
	cabinetId: string,
	wanted: string,
): Promise<Stamp> {
	const stamps = await call.memory.once(
		call.session,
		`stamps of ${cabinetId}`,
		async () => await readStamps(call, cabinetId),
	);
	const byId = stamps.find(({ id }) => same(id, wanted));
	const byName = stamps.filter(
		({ name, resource }) => same(name, wanted) || same(String(resource.Name), wanted),
	);
	const [stamp] = byId ? [byId] : byName;
	if (stamp === undefined) {
		const names = new Set(stamps.map(({ name }) => name));
		throw new ConnectorError(
			'DOCUWARE_UNKNOWN_NAME',
			`The user may place no stamp "${wanted.slice(0, 60)}" in this file cabinet.${didYouMean(wanted, names)}`,
			{ repair: 'Choose one from the list; Stamp: Get Many shows them with their IDs.' },
		);
	}
	if (byId === undefined && byName.length > 1) {
		throw new ConnectorError(
			'DOCUWARE_AMBIGUOUS_NAME',
			`Several stamps are named "${wanted.slice(0, 60)}": ${byName.map(({ id }) => id).join(', ')}.`,
			{ repair: 'Choose one from the list, or give its ID.' },
		);
	}
	return stamp;
}

function stampOf(resource: PlatformResource): Stamp {
	const { Id: id, Name: name, DisplayName: displayName, FormField: list } = resource;
	return {
		id: String(id),
		name: String(displayName ?? name ?? id),
		needsPassword: resource.PasswordProtected === true,
		formFields: (Array.isArray(list) ? list.filter(isRecord) : []).map(formFieldOf),
		resource,
	};
}

function formFieldOf({
	Name,
	Label,
	Length,
	Precision,
	NotEmpty,
}: PlatformResource): StampFormField {
	const [length, precision] = [Number(Length), Number(Precision)];
	return {
		name: String(Name),
		label: typeof Label === 'string' && Label.trim() !== '' ? Label.trim() : String(Name),
		isRequired: NotEmpty === true,
		...(length > 0 && { length }),
		...(precision > 0 && { precision }),
	};
}

function same(one: string, other: string): boolean {
	return one.trim().toLowerCase() === other.trim().toLowerCase();
}
