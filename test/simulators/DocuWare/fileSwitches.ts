import type { Readings } from '../shared/readings';
import type { FileNameReading } from './http/dispositionParameters';

/** Switches about files and what is done with whole documents; part of `DocuWareSwitches`. */
export interface FileSwitches {
	/** Largest body of a request in bytes; 0 = no limit. Above: 413 (7.3, uncertain: 11.12). */
	maxRequestBytes: number;
	/**
	 * Whether a request is refused for its session when its body has come, or by its head alone. With the
	 * latter a session that ends in mid-upload does no harm to that request.
	 */
	uploadAuthentication: 'afterBody' | 'beforeBody';
	/**
	 * How a request is refused whose body need not be read: after the rest of it was thrown away, or at once,
	 * and the connection closed under the sender.
	 */
	earlyRefusal: 'drained' | 'closed';
	/** Which forms of a file name beyond ASCII are understood (7.2, uncertain: 11.12). */
	uploadFileNames: FileNameReading;
	/** Most bytes of a file that are held as they are; beyond, content that repeats itself, or its hash. */
	keptFileBytes: number;
}

/** The state in which a simulator starts. */
export function defaultFileSwitches(): FileSwitches {
	return {
		maxRequestBytes: 0,
		uploadAuthentication: 'afterBody',
		earlyRefusal: 'drained',
		uploadFileNames: 'both',
		keptFileBytes: 64_000_000,
	};
}

/** What sources leave open about files; part of `READINGS`. */
export const FILE_READINGS = {
	uploadAuthentication: { others: ['beforeBody'] },
	earlyRefusal: { others: ['closed'], harder: 'closed' },
	uploadFileNames: { others: ['plain', 'extended'], harder: 'plain' },
} as const satisfies Readings<FileSwitches>;

/** A switch that plays a reading about files. */
export type FileReadingName = keyof typeof FILE_READINGS;
