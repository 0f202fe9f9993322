import type { ILoadOptionsFunctions } from 'n8n-workflow';
import { isRecord } from '../../shared/http';
import { withListErrors } from '../../shared/node/nodeErrors';
import { CabinetFacts, type CabinetKind } from '../api/cabinetFacts';
import { PlatformClient } from '../api/platformClient';
import { RunMemory } from '../api/runMemory';
import { createDocuWareSession } from '../auth/nodeSession';
import { credentialTypeFor } from '../auth/account/credentialTypes';

/** Works with the session of the credential that is chosen in the editor, for its lists. */
export async function withClient<T>(
	context: ILoadOptionsFunctions,
	work: (client: PlatformClient) => Promise<T>,
): Promise<T> {
	return await withListErrors(context.getNode(), async () => {
		const session = await createDocuWareSession(context, 0, {
			credentialType: credentialTypeFor(context.getCurrentNodeParameter('authentication')),
		});
		try {
			return await work(new PlatformClient(session));
		} finally {
			await session.release();
		}
	});
}

/** What a drop-down asks of file cabinets with. */
export interface EditorCall {
	client: PlatformClient;
	facts: CabinetFacts;
}

/** The same for lists of what belongs to file cabinets. */
export async function withFacts<T>(
	context: ILoadOptionsFunctions,
	work: (call: EditorCall) => Promise<T>,
): Promise<T> {
	return await withClient(context, async (client) => {
		return await work({ client, facts: new CabinetFacts(client, new RunMemory()) });
	});
}

/**
 * The file cabinet or tray that is chosen in the editor; undefined where none is, or an expression stands there.
 * @param name of its field
 */
export async function chosenCabinetId(
	context: ILoadOptionsFunctions,
	{ facts }: EditorCall,
	kind: CabinetKind = 'both',
	name = 'fileCabinetId',
): Promise<string | undefined> {
	const given = chosenValue(context, name);
	return given === undefined ? undefined : await facts.idOf(given.text, kind, given.isName);
}

/** The field that is chosen in the same row as what is asked for; undefined where none is, or an expression stands there. */
export function chosenFieldName(context: ILoadOptionsFunctions): string | undefined {
	const name = String(context.getCurrentNodeParameter('&field') ?? '').trim();
	return name === '' || name.startsWith('=') ? undefined : name;
}

/** What is chosen in a resource locator; undefined where nothing is, or an expression stands there. */
export function chosenValue(
	context: ILoadOptionsFunctions,
	name: string,
): { text: string; isName: boolean } | undefined {
	const value: unknown = context.getCurrentNodeParameter(name);
	const stands = isRecord(value) ? value.value : value;
	const text =
		typeof stands === 'string' || typeof stands === 'number' ? String(stands).trim() : '';
	if (text === '' || text.startsWith('=')) return undefined;
	return { text, isName: isRecord(value) && value.mode === 'name' };
}
