import type { SimulatedProcess } from '../../../support/simulatedProcess';
import type { StoredRecord } from './storedChain';

/** Which process has last brought which secret into the identity's record, so that it can heal a store. */
export class RememberedSecrets {
	private readonly byProcess = new Map<SimulatedProcess, StoredRecord>();

	/** A process has saved a secret, and the record is like this now. */
	saved(writer: SimulatedProcess, record: StoredRecord | undefined): void {
		if (record !== undefined) this.byProcess.set(writer, record);
	}

	died(process: SimulatedProcess): void {
		this.byProcess.delete(process);
	}

	/** The processes that can bring a secret in again: the record stands at the log-in that it knows. */
	healersOf(generation: number, record: StoredRecord | undefined): SimulatedProcess[] {
		return [...this.byProcess]
			.filter(
				([process, known]) =>
					process.alive &&
					known.generation === generation &&
					known.id === record?.id &&
					known.ownerId === record.ownerId &&
					known.originAt === record.originAt,
			)
			.map(([process]) => process);
	}
}
