import { PlatformClient } from '../../../../../nodes/DocuWare/api/platformClient';
import { RunMemory } from '../../../../../nodes/DocuWare/api/runMemory';
import { trashAddress } from '../../../../../nodes/DocuWare/resources/trashBin/trashAddress';
import { FakeSession, type FakeAnswer } from '../support/fakeSession';

const link = (rel: string, href: string): FakeAnswer => ({ body: { Links: [{ rel, href }] } });

async function addressOf(...answers: FakeAnswer[]) {
	const session = new FakeSession(answers);
	const asker = {
		client: new PlatformClient(session),
		memory: new RunMemory(),
		signal: undefined,
	};
	const query = [['calculateTotalCount', 'true']] as const;
	const [first, again] = [
		await trashAddress(asker, 'queryDocuments', query),
		await trashAddress(asker, 'queryDocuments'),
	];
	expect(again.pathname).toBe(first.pathname);
	return { path: first.href.split('/Platform/')[1], asked: session.requests.length };
}

const toTrash = link('trashBin', '/DocuWare/Platform/Bin');

it.each<[string, FakeAnswer[], string]>([
	[
		'is where the links lead',
		[toTrash, link('queryDocuments', '/DocuWare/Platform/Bin/Find')],
		'Bin/Find',
	],
	['is where it usually is without a link of the organization', [{ body: {} }], 'TrashBin/Query'],
	['is where it usually is without a link of its own', [toTrash, { body: {} }], 'TrashBin/Query'],
	[
		'is where it usually is if it cannot be read',
		[toTrash, { status: 404, body: {} }],
		'TrashBin/Query',
	],
	[
		'does not lead to another server',
		[link('trashBin', 'https://inside.invalid/Bin')],
		'TrashBin/Query',
	],
])('the search of the trash bin %s, asked once', async (_case, answers, path) => {
	expect(await addressOf(...answers)).toEqual({
		path: `${path}?calculateTotalCount=true`,
		asked: answers.length,
	});
});
