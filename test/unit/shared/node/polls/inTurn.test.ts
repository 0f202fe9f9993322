import { ConnectorError } from '../../../../../nodes/shared/errors';
import { readInTurn } from '../../../../../nodes/shared/node/polls/inTurn';

const failure = (code: string) => new ConnectorError(code, 'It is wrong.', { repair: 'Mend it.' });

/** Polls of parts of these names, some of which fail with a code in each poll; what each poll has read or tried. */
async function polls(
	count: number,
	names: string,
	failing: Readonly<Record<string, string>>,
	hasTime = () => true,
) {
	let kept: unknown;
	const batch = {
		remember: async (_name: string, step: (present: unknown) => unknown) => {
			kept = step(kept) ?? kept;
			await Promise.resolve();
		},
	};
	const tried: string[] = [];
	for (let poll = 0; poll < count; poll += 1) {
		let seen = '';
		const parts = [...names].map((name) => ({
			name,
			read: async () => {
				seen += name;
				const code = failing[name];
				if (code !== undefined) throw failure(code);
				await Promise.resolve();
			},
		}));
		await readInTurn(batch, parts, {
			hasTime,
			isOfAll: ({ code }) => code === 'OUT_OF_TIME',
			mustWait: ({ code }) => code === 'LIMIT',
			onFailure: () => undefined,
		}).catch(() => undefined);
		tried.push(seen);
	}
	return tried;
}

it('a part that takes all the time of a poll does not keep those behind it from their turn', async () => {
	expect(await polls(3, 'abcd', { b: 'OUT_OF_TIME' })).toEqual(['ab', 'cdab', 'cdab']);
	expect(await polls(2, 'ab', { b: 'OUT_OF_TIME' })).toEqual(['ab', 'ab']);
});

it('a part that had to wait for a limit comes first in the next poll, before what has used it up', async () => {
	expect(await polls(2, 'abc', { b: 'LIMIT', c: 'LIMIT' })).toEqual(['abc', 'bca']);
});

it('one part is read however long it took to come so far, so that a poll which gets nowhere says so', async () => {
	expect(await polls(3, 'abc', {}, () => false)).toEqual(['a', 'b', 'c']);
});
