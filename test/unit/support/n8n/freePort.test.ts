import { createServer } from 'node:net';
import { freePort, portOrFree } from '../../../support/n8n/freePort';

const worker = process.env.JEST_WORKER_ID;

afterEach(() => {
	process.env.JEST_WORKER_ID = worker;
});

async function portsOf(workerId: string): Promise<number[]> {
	process.env.JEST_WORKER_ID = workerId;
	return await Promise.all(Array.from({ length: 20 }, freePort));
}

it('free ports are different ones, also those of two test processes, and none that the system gives by itself', async () => {
	const [one, other] = [await portsOf('1'), await portsOf('2')];
	const all = [...one, ...other];
	expect(new Set(all).size).toBe(all.length);
	expect(Math.max(...all)).toBeLessThan(32_768);
	expect(Math.min(...all)).toBeGreaterThan(1_023);
	// Whatever the numbers: a port of the one is never a port of the other.
	const parts = [one, other].map((ports) => new Set(ports.map((port) => port % 4)));
	expect(parts.map(({ size }) => size)).toEqual([1, 1]);
	expect(parts[0]).not.toEqual(parts[1]);
});

it('a wanted port is had where nobody listens on it', async () => {
	const wanted = await freePort();
	expect(await portOrFree(wanted)).toBe(wanted);
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(wanted, '127.0.0.1', resolve));
	const other = await portOrFree(wanted);
	await new Promise((resolve) => server.close(resolve));
	expect(other).not.toBe(wanted);
});
