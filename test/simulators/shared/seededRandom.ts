/**
 * Deterministic pseudo random numbers (mulberry32): the same seed gives the same data in every
 * process. For simulated data only, never for tokens.
 */
export class SeededRandom {
	private state: number;

	/** @param seed any text; it is hashed to the 32-bit state */
	constructor(seed: string) {
		let hash = 0x811c9dc5;
		for (let index = 0; index < seed.length; index++) {
			hash = Math.imul(hash ^ seed.charCodeAt(index), 0x01000193);
		}
		this.state = hash >>> 0;
	}

	/** A number in [0, 1). */
	next(): number {
		this.state = (this.state + 0x6d2b79f5) >>> 0;
		let mixed = this.state;
		mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
	}

	/** A whole number from `from` up to and including `to`. */
	integer(from: number, to: number): number {
		return from + Math.floor(this.next() * (to - from + 1));
	}

	/** One element of a non-empty list. */
	pick<T>(list: readonly [T, ...T[]]): T {
		return list[this.integer(0, list.length - 1)] ?? list[0];
	}

	/** A lower-case GUID of the shape of version 4. */
	guid(): string {
		const digits = Array.from({ length: 32 }, () => this.integer(0, 15).toString(16));
		digits[12] = '4';
		digits[16] = (8 + this.integer(0, 3)).toString(16);
		const text = digits.join('');
		return [
			text.slice(0, 8),
			text.slice(8, 12),
			text.slice(12, 16),
			text.slice(16, 20),
			text.slice(20),
		].join('-');
	}
}
