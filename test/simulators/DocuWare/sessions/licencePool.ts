/** The settings of the pool that can change while the server runs; durations in ms. */
export interface LicenceSettings {
	namedLicences: readonly string[];
	concurrentLicences: number;
	everyLogonBooks: boolean;
	holdMs: number;
	heldLicenceReturnsTo: 'tokenOnly' | 'sameUserAndHost' | 'sameUser';
}

/** A licence in somebody's hands. */
export interface LicenceBooking {
	kind: 'named' | 'concurrent' | 'none';
	userName: string;
	hostId: string;
	/** Sessions that share this booking. */
	holders: number;
	/** Set after the last holder left: nobody else gets it before this time (ms). */
	heldUntil?: number;
}

/** How the pool stands. */
export interface LicenceFigures {
	/** Bookings with a live session. */
	inUse: number;
	/** Bookings blocked after a log-off. */
	held: number;
	/** Largest `inUse` so far. */
	maxInUse: number;
	/** Largest `inUse + held` so far. */
	maxBlocked: number;
	/** Log-ons refused because no licence was free. */
	refused: number;
	/** Bookings handed back to their user inside the hold. */
	returned: number;
}

/** Who asks for a licence, and how. */
export interface LicenceRequest {
	userName: string;
	hostId: string;
	/** By TokenLogOn or the dwtoken grant: the user's blocked licence comes back at once. */
	byToken: boolean;
	/** `EmailArchivingServer` needs no licence (docs/facts/docuware.md 9). */
	licenceType: string;
	/** A live booking that this log-on joins instead of booking one of its own. */
	shares?: LicenceBooking | undefined;
}

/**
 * The pool of client licences (docs/facts/docuware.md 9 and 3.2): named ones belong to a user,
 * concurrent ones are booked per log-on or per user and HostID. After the last session of a
 * booking ended, the licence stays blocked for the hold time.
 */
export class LicencePool {
	private bookings: LicenceBooking[] = [];
	private maxInUse = 0;
	private maxBlocked = 0;
	private refused = 0;
	private returned = 0;

	constructor(
		private readonly settings: () => LicenceSettings,
		private readonly now: () => number,
	) {}

	/** A booking, or undefined when no licence is free. */
	book(request: LicenceRequest): LicenceBooking | undefined {
		this.dropEndedHolds();
		if (request.licenceType.toLowerCase() === 'emailarchivingserver') {
			return {
				kind: 'none',
				userName: request.userName,
				hostId: request.hostId,
				holders: 1,
			};
		}
		const booking =
			joined(request.shares) ??
			this.takeBack(request) ??
			this.join(request) ??
			this.takeNew(request);
		if (booking === undefined) {
			this.noteRefusal();
			return undefined;
		}
		const live = this.bookings.filter((entry) => entry.heldUntil === undefined).length;
		this.maxInUse = Math.max(this.maxInUse, live);
		this.maxBlocked = Math.max(this.maxBlocked, this.bookings.length);
		return booking;
	}

	/** Whether a log-on for this user could book one; books nothing. */
	hasRoomFor(userName: string): boolean {
		this.dropEndedHolds();
		const { concurrentLicences, everyLogonBooks } = this.settings();
		return (
			this.bookings.length < concurrentLicences ||
			(!everyLogonBooks && this.bookings.some((entry) => sameName(entry.userName, userName)))
		);
	}

	/** Counts a log-on that was refused before a booking was tried. */
	noteRefusal(): void {
		this.refused += 1;
	}

	/** A booking of this user with a live session. */
	liveBookingOf(userName: string): LicenceBooking | undefined {
		return this.bookings.find(
			(entry) => entry.heldUntil === undefined && sameName(entry.userName, userName),
		);
	}

	/** One session less; the last one starts the hold, counted from `at` (ms). */
	release(booking: LicenceBooking, at: number = this.now()): void {
		if (booking.kind === 'none' || booking.holders === 0) return;
		booking.holders -= 1;
		if (booking.holders === 0) booking.heldUntil = at + this.settings().holdMs;
	}

	/** Takes every booking away without a hold, as a restart of the server does. */
	clear(): void {
		this.bookings = [];
	}

	/** Sets the counts back; bookings stay. */
	resetFigures(): void {
		this.maxInUse = 0;
		this.maxBlocked = 0;
		this.refused = 0;
		this.returned = 0;
	}

	/** The present figures. */
	figures(): LicenceFigures {
		this.dropEndedHolds();
		const held = this.bookings.filter((entry) => entry.heldUntil !== undefined).length;
		return {
			inUse: this.bookings.length - held,
			held,
			maxInUse: this.maxInUse,
			maxBlocked: this.maxBlocked,
			refused: this.refused,
			returned: this.returned,
		};
	}

	private takeBack(request: LicenceRequest): LicenceBooking | undefined {
		const rule = this.settings().heldLicenceReturnsTo;
		const mine = this.bookings.filter(
			(entry) => entry.heldUntil !== undefined && sameName(entry.userName, request.userName),
		);
		const sameHost = mine.find((entry) => entry.hostId === request.hostId);
		const found =
			request.byToken || rule === 'sameUser'
				? (sameHost ?? mine[0])
				: rule === 'sameUserAndHost'
					? sameHost
					: undefined;
		if (found === undefined) return undefined;
		delete found.heldUntil;
		found.holders = 1;
		this.returned += 1;
		return found;
	}

	private join(request: LicenceRequest): LicenceBooking | undefined {
		if (this.settings().everyLogonBooks) return undefined;
		const found = this.bookings.find(
			(entry) =>
				entry.heldUntil === undefined &&
				sameName(entry.userName, request.userName) &&
				(entry.kind === 'named' || entry.hostId === request.hostId),
		);
		return joined(found);
	}

	private takeNew(request: LicenceRequest): LicenceBooking | undefined {
		const { namedLicences, concurrentLicences } = this.settings();
		const hasNamed = namedLicences.some((name) => sameName(name, request.userName));
		const namedTaken = this.bookings.some(
			(entry) => entry.kind === 'named' && sameName(entry.userName, request.userName),
		);
		const concurrentTaken = this.bookings.filter((entry) => entry.kind === 'concurrent').length;
		const kind =
			hasNamed && !namedTaken
				? 'named'
				: concurrentTaken < concurrentLicences
					? 'concurrent'
					: undefined;
		if (kind === undefined) return undefined;
		const booking: LicenceBooking = {
			kind,
			userName: request.userName,
			hostId: request.hostId,
			holders: 1,
		};
		this.bookings.push(booking);
		return booking;
	}

	private dropEndedHolds(): void {
		const now = this.now();
		this.bookings = this.bookings.filter(
			(entry) => entry.heldUntil === undefined || entry.heldUntil > now,
		);
	}
}

/** The booking with one more holder. */
function joined(booking: LicenceBooking | undefined): LicenceBooking | undefined {
	if (booking !== undefined) booking.holders += 1;
	return booking;
}

function sameName(one: string, other: string): boolean {
	return one.toLowerCase() === other.toLowerCase();
}
