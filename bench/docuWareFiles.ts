import { printTable } from '../test/support/chain/printTable';
import { FilesHost } from './docuWare/filesHost';
import type { StreamOrder } from './docuWare/nodes/benchStream';
import type { Measures } from './exactOnline/nodes/meter';
import { median } from './exactOnline/rounds';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const LARGE_MB = Number(process.env.BENCH_LARGE_MB ?? 1_000);
const SMALL_BYTES = 100_000;
const SMALL_COUNT = Number(process.env.BENCH_SMALL_COUNT ?? 500);

/** Least share of the bare stream's speed, and most growth of n8n's memory in MB. */
const GOALS = { speed: 0.7, grown: 100 };

const BARE = 'bare stream';

const HTTP_NODE = 'HTTP Request node';

/** What is measured, by the name on the command line. */
const MEASURES: Readonly<Record<string, (host: FilesHost) => Promise<void>>> = {
	uploads: largeUploads,
	downloads: largeDownloads,
	small: manySmall,
};

/**
 * `npm run bench:files -- [uploads] [downloads] [small]`: one large file (`BENCH_LARGE_MB`, default 1000) up and down, and many small ones up
 * (`BENCH_SMALL_COUNT`, default 500), `BENCH_ROUNDS` times (default 3), in a real n8n that keeps binary data in files, against the simulator on the same machine;
 * beside the node a bare Node.js stream and n8n's own HTTP Request node. Only ratios are goals, and nothing fails on a time.
 */
async function main(): Promise<void> {
	const named = process.argv.slice(2);
	const unknown = named.find((name) => !(name in MEASURES));
	if (unknown !== undefined) throw new Error(`${unknown} is none of ${Object.keys(MEASURES)}.`);
	const host = await FilesHost.start();
	try {
		await warmUp(host);
		for (const [name, measure] of Object.entries(MEASURES)) {
			if (named.length === 0 || named.includes(name)) await measure(host);
		}
	} finally {
		await host.dispose();
	}
}

const large = { bytes: LARGE_MB * 1_000_000, count: 1 };

/** Code is loaded and a session opened before anything is measured. */
async function warmUp(host: FilesHost): Promise<void> {
	await host.measure({ bytes: SMALL_BYTES, count: 3 }, uploadNode(host, {}));
	await host.measure(
		{ bytes: SMALL_BYTES, count: 1 },
		streamNode(host, 'upload', host.documentsUrl),
	);
}

async function largeUploads(host: FilesHost): Promise<void> {
	await compare(`Upload of ${LARGE_MB} MB`, {
		[BARE]: async () => await host.measure(large, streamNode(host, 'upload', host.documentsUrl)),
		'Upload, one request': async () =>
			await host.measure(large, uploadNode(host, { partsAbove: 0 })),
		'Upload, in parts': async () => await host.measure(large, uploadNode(host, { partsAbove: 25 })),
		[`${HTTP_NODE}, without index data`]: async () => await host.measure(large, httpUpload(host)),
	});
}

async function largeDownloads(host: FilesHost): Promise<void> {
	await host.measure(large, streamNode(host, 'upload', host.documentsUrl));
	const documentId = host.host.simulator.state.documents.all().at(-1)?.id;
	const url = `${host.documentsUrl}/${documentId}/FileDownload?TargetFileType=Auto&KeepAnnotations=false`;
	const any = { bytes: 10, count: 1 };
	const download = host.packageNode('download', { documentId: String(documentId) });
	await compare(`Download of ${LARGE_MB} MB`, {
		[BARE]: async () => await host.measure(any, streamNode(host, 'download', url)),
		Download: async () => await host.measure(any, download),
		[HTTP_NODE]: async () => await host.measure(any, httpDownload(host, url)),
	});
}

async function manySmall(host: FilesHost): Promise<void> {
	const files = { bytes: SMALL_BYTES, count: SMALL_COUNT };
	const uploads = (atATime: number) => async () => {
		const { simulator } = host.host;
		const before = simulator.counters;
		const measures = await host.measure(files, uploadNode(host, { atATime }));
		const after = simulator.counters;
		const stored = after.documentsStored - before.documentsStored;
		const requests = total(after.requests) - total(before.requests);
		console.log(
			`${atATime} at a time: ${stored} documents by ${requests} requests, ${after.logOns.password} log-ons in all.`,
		);
		return measures;
	};
	await compare(`${SMALL_COUNT} uploads of ${SMALL_BYTES / 1_000} kB with index fields`, {
		[BARE]: async () => await host.measure(files, streamNode(host, 'upload', host.documentsUrl)),
		'Upload, 1 at a time': uploads(1),
		'Upload, 4 at a time': uploads(4),
		'Upload, 8 at a time': uploads(8),
		[`${HTTP_NODE}, without index data`]: async () => await host.measure(files, httpUpload(host)),
	});
}

/** Lets the ways run in turns, since a machine has other work that comes and goes, and prints their medians. */
async function compare(
	title: string,
	ways: Readonly<Record<string, () => Promise<Measures>>>,
): Promise<void> {
	const all = new Map(Object.keys(ways).map((way): [string, Measures[]] => [way, []]));
	for (let round = 0; round < ROUNDS; round += 1) {
		for (const [way, run] of Object.entries(ways)) all.get(way)?.push(await run());
	}
	const lines = [...all].map(([way, list]) => ({
		way,
		wall: median(list.map(({ wall }) => wall)),
		cpu: median(list.map(({ cpu }) => cpu)),
		grown: Math.max(...list.map(({ grown }) => grown)),
	}));
	const bare = lines.find(({ way }) => way === BARE) ?? { wall: NaN, cpu: NaN };
	printTable(
		title,
		lines.map((line) => ({
			way: line.way,
			'wall ms': line.wall.toFixed(0),
			'cpu ms': line.cpu.toFixed(0),
			'grown MB': line.grown.toFixed(0),
			'speed, bare = 1': (bare.wall / line.wall).toFixed(2),
			'speed by CPU': (bare.cpu / line.cpu).toFixed(2),
			'goals reached': isOurs(line.way) ? goalsOf(bare.wall / line.wall, line.grown) : '',
		})),
	);
}

function isOurs(way: string): boolean {
	return way !== BARE && !way.startsWith(HTTP_NODE);
}

function goalsOf(speed: number, grown: number): string {
	const word = (isReached: boolean) => (isReached ? 'yes' : 'no');
	return `speed ${word(speed >= GOALS.speed)}, memory ${word(grown < GOALS.grown)}`;
}

function total(requests: Record<string, number>): number {
	return Object.values(requests).reduce((sum, count) => sum + count, 0);
}

function uploadNode(host: FilesHost, options: Record<string, unknown>) {
	const values = { COMPANY: 'Peters Engineering', AMOUNT: 12.5 };
	return host.packageNode('upload', { dataMode: 'json', json: JSON.stringify(values), options });
}

function streamNode(host: FilesHost, way: StreamOrder['way'], url: string) {
	const order: StreamOrder = { way, url, cookie: host.cookie };
	return {
		name: 'Under Test',
		type: 'CUSTOM.benchStream',
		parameters: { order: JSON.stringify(order) },
	};
}

/** The session stands in a header, since the credential is not what is measured. */
function httpNode(host: FilesHost, parameters: Record<string, unknown>) {
	return {
		name: 'Under Test',
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: 4.2,
		parameters: {
			sendHeaders: true,
			headerParameters: {
				parameters: [
					{ name: 'Cookie', value: host.cookie },
					{ name: 'Accept', value: 'application/json' },
					{ name: 'Content-Disposition', value: 'file; filename="scan.bin"' },
				],
			},
			...parameters,
		},
	};
}

function httpUpload(host: FilesHost) {
	return httpNode(host, {
		method: 'POST',
		url: host.documentsUrl,
		sendBody: true,
		contentType: 'binaryData',
		inputDataFieldName: 'data',
		options: { batching: { batch: { batchSize: 1, batchInterval: 0 } } },
	});
}

function httpDownload(host: FilesHost, url: string) {
	return httpNode(host, {
		url,
		options: { response: { response: { responseFormat: 'file', outputPropertyName: 'data' } } },
	});
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
