import { isConnectorError } from '../../../../nodes/shared/errors';
import type { DocuWareSimulator, SwitchChanges } from '../../../simulators/DocuWare';
import { FILE_READINGS, type FileReadingName } from '../../../simulators/DocuWare/fileSwitches';
import { passwordRun } from '../support/credentials';
import { sessionFor } from '../support/fakeNode';
import { useDocuWare } from '../support/useDocuWare';

const bench = useDocuWare();
const documents = 'FileCabinets/a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10/Documents';

/** Starts the simulator with another reading and shows that the package does as it promises. */
type Scenario = (reading: SwitchChanges, value: unknown) => Promise<void>;

/** Stores one file over the package's session; the status, or the code of the error. */
async function store(
	simulator: DocuWareSimulator,
	{ size = 1_000_000, disposition = 'file; filename="a.pdf"', sessionEnds = false } = {},
): Promise<number | string> {
	const session = await sessionFor(passwordRun(simulator, { licenceWaitSeconds: 0 }));
	await session.logOn();
	if (sessionEnds) simulator.revokeSessions();
	return await session
		.request({
			method: 'POST',
			url: documents,
			headers: { 'Content-Type': 'application/pdf', 'Content-Disposition': disposition },
			body: async () => await Promise.resolve(Buffer.alloc(size)),
		})
		.then(
			({ status }) => status,
			(error: unknown) => (isConnectorError(error) ? error.code : String(error)),
		);
}

const scenarios: Record<FileReadingName, Scenario> = {
	uploadAuthentication: async (reading) => {
		const simulator = await bench.simulator({ ...reading, concurrentLicences: 9 });
		expect(await store(simulator, { sessionEnds: true })).toBe(200);
		expect(simulator.counters).toMatchObject({ documentsStored: 1, logOns: { password: 2 } });
	},
	earlyRefusal: async (reading) => {
		const simulator = await bench.simulator({ ...reading, maxRequestBytes: 100_000 });
		// Closed under the sender, the answer may be lost on its way.
		expect([413, 'HTTP_CONNECTION_FAILED']).toContain(await store(simulator, { size: 5_000_000 }));
		expect(simulator.counters.documentsStored).toBe(0);
	},
	uploadFileNames: async (reading) => {
		const simulator = await bench.simulator(reading);
		const plain = Buffer.from('Größe.pdf').toString('latin1');
		const disposition = `file; filename="${plain}"; filename*=UTF-8''Gr%C3%B6%C3%9Fe.pdf`;
		expect(await store(simulator, { disposition })).toBe(200);
		expect(simulator.state.documents.all()[0]?.sections[0]?.name).toBe('Größe.pdf');
	},
};

const others = Object.entries(scenarios).flatMap(([name, scenario]) => {
	const values: readonly unknown[] = FILE_READINGS[name as FileReadingName].others;
	return values.map((value) => [name, value, scenario] as const);
});

describe('another reading of DocuWare about files', () => {
	it.each(others)('%s: %j', async (name, value, scenario) => {
		await scenario({ [name]: value }, value);
	});
});
