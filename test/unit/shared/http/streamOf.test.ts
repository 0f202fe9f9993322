import { EventEmitter, once } from 'node:events';
import { Readable } from 'node:stream';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { streamOf, type Hold } from '../../../../nodes/shared/http';
import { silentFile } from '../../../support/silentFile';

async function* bytesOf(source: Readable): AsyncGenerator<Buffer, void, undefined> {
	yield Buffer.from('head ');
	yield* source as AsyncIterable<Buffer>;
}

async function textOf(stream: Readable): Promise<string> {
	return Buffer.concat((await stream.toArray()) as Buffer[]).toString();
}

describe('a stream of another', () => {
	it('gives its bytes, and closes it', async () => {
		const source = Readable.from([Buffer.from('and '), Buffer.from('rest')]);
		expect(await textOf(streamOf((hold) => bytesOf(hold(source))))).toBe('head and rest');
		expect(source.destroyed).toBe(true);
	});

	it('closes it where nothing was read', async () => {
		const source = silentFile();
		const stream = streamOf((hold) => bytesOf(hold(source)));
		stream.destroy(new Error('let go'));
		expect(source.destroyed).toBe(true);
		const [failure] = (await once(stream, 'error')) as [Error];
		expect(failure.message).toBe('let go');
	});

	it('closes it where no byte comes, and is closed then', async () => {
		const source = silentFile();
		const stream = streamOf((hold) => bytesOf(hold(source)));
		const asked = once(source, 'asked');
		stream.resume();
		await asked;
		const closed = once(stream, 'close');
		stream.destroy();
		expect(source.destroyed).toBe(true);
		await closed;
	});

	it('closes one that is opened when nobody wants it any more', async () => {
		const source = silentFile();
		const opens = new EventEmitter();
		async function* late(hold: Hold): AsyncGenerator<Buffer, void, undefined> {
			const opened = once(opens, 'opened') as Promise<[Readable]>;
			opens.emit('asked');
			yield* bytesOf(hold((await opened)[0]));
		}
		const asked = once(opens, 'asked');
		const stream = streamOf(late);
		stream.resume();
		await asked;
		const closed = once(stream, 'close');
		stream.destroy();
		opens.emit('opened', source);
		await closed;
		expect(source.destroyed).toBe(true);
	});

	// Red before: an error that nobody listened for, which ends a process that does not catch it.
	it('tells its reader, and nobody else, what broke it before it was read', async () => {
		const source = silentFile();
		const stream = streamOf((hold) => bytesOf(hold(source)));
		source.destroy(new Error('disk'));
		await turnOfTheLoop();
		await expect(textOf(stream)).rejects.toThrow('disk');
	});
});
