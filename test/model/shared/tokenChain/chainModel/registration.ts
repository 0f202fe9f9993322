import type { SimulatedProcess } from '../../../support/simulatedProcess';
import type { CredentialName, ModelCredentials } from './credentials';
import type { ModelRequest } from './judgement';

/** After this long every process has asked again whose the registration is, in milliseconds. */
const ASKED_AGAIN_MS = 36_000;

/** To whom the identity is registered, how that may change, and whom it shuts out. */
export class Registration {
	/** Whether it was ever another one's than the owner's. */
	hasMoved = false;

	private ownerId: string | null = null;

	private before: string | null = null;

	private since = 0;

	/** Those of each process when the registration went to its present owner. */
	private disturbances = new Map<SimulatedProcess, number>();

	private notOwnersAt = -Infinity;

	private wasReleased = false;

	private readonly wanted = new Set<string>();

	constructor(
		private readonly credentials: ModelCredentials,
		private readonly now: () => number,
	) {}

	/** A person gives it up. */
	released(): void {
		this.wasReleased = true;
	}

	/** A credential asks for it, by its own choice or because a person does. */
	wantedBy(credential: CredentialName): void {
		this.wanted.add(credential);
	}

	/** The store fell back, and so has the registration. */
	forget(ownerId: string | null, processes: readonly SimulatedProcess[]): void {
		this.moveTo(ownerId, processes);
	}

	/** The store has been written. @returns what the registration must not have come to */
	look(ownerId: string | null, processes: readonly SimulatedProcess[]): string | undefined {
		if (this.ownerId !== 'owner') this.notOwnersAt = this.now();
		if (ownerId === this.ownerId) return undefined;
		const why = this.forbids(ownerId);
		this.moveTo(ownerId, processes);
		return why;
	}

	/** Whether it was anybody's but the owner's at some time after this. */
	wasNotOwnersAfter(time: number): boolean {
		return this.ownerId !== 'owner' || this.notOwnersAt >= time;
	}

	/** Whether it is this credential's, or was when the request began. */
	wasOwners({ since }: ModelRequest, credential: CredentialName): boolean {
		return this.ownerId === credential || (this.since >= since && this.before === credential);
	}

	/** Whether this credential, which asks for nothing, must have been told of another owner. */
	isShutOut({ credential, process, since }: ModelRequest): boolean {
		if (credential !== 'owner' || this.ownerId !== 'second') return false;
		return (
			since > this.since + ASKED_AGAIN_MS && this.disturbances.get(process) === process.disturbances
		);
	}

	private forbids(next: string | null): string | undefined {
		if (next === null) {
			return this.wasReleased ? undefined : 'the registration was given up by nobody';
		}
		const name = next as CredentialName;
		const mayFollow = this.ownerId === null || this.wanted.has(name);
		if (mayFollow && this.credentials.wasProved(name)) return undefined;
		return `the registration went from "${this.ownerId}" to "${next}" by itself`;
	}

	private moveTo(ownerId: string | null, processes: readonly SimulatedProcess[]): void {
		if (ownerId !== 'owner' && this.ownerId === 'owner') this.hasMoved = true;
		this.before = this.ownerId;
		this.ownerId = ownerId;
		this.since = this.now();
		this.disturbances = new Map(processes.map((one) => [one, one.disturbances]));
	}
}
