import type { Readings } from '../shared/readings';
import type { FileNameReading } from './http/dispositionParameters';
import type { DownloadNames } from './platform/contentDisposition';
import type { SingleEntries } from './world/textshot';

/** Switches about files; part of `DocuWareSwitches`. */
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
	/** Who may go on with an upload in chunks: its user, or the session that began it (7.2, uncertain). */
	chunkOwner: 'user' | 'session';
	/**
	 * What a chunk meets that was received before, for instance after its answer was lost (7.2, uncertain):
	 * a refusal, the answer that it had, or it is written once more.
	 */
	repeatedChunk: 'refused' | 'accepted' | 'appended';
	/** What a file that came in chunks is called: by `X-File-Name`, or as its part is (7.2, 7.5, uncertain). */
	chunkFileName: 'percentDecoded' | 'asSent' | 'ofPart';
	/** What becomes of several files that come in chunks as one archive: a section of each, or of the archive (7.2, uncertain). */
	sentArchive: 'takenApart' | 'kept';
	/** `FileChunk` in the answer to the last chunk (7.2: both are known). */
	lastChunkAnswer: 'finished' | 'null';
	/** What `Auto` gives of a document with several files (uncertain: 11.12). */
	severalFilesAuto: 'zip' | 'pdf';
	/** Whether a document has a picture of its own, or its sections alone have one (7.1). */
	documentThumbnail: 'served' | 'absent';
	/** How a download comes: with its length, in pieces of unknown number, or compressed (7.1). */
	downloadForm: 'length' | 'chunked' | 'gzip';
	/** How the name of a download stands in its header. */
	downloadNames: DownloadNames;
	/** A name that all downloads get in place of their own; empty: their own. */
	downloadFileName: string;
	/** Whether the server has recognized the text of sections. */
	textRecognition: boolean;
	/** Whether a list of one entry in a recognized text stands as the entry alone. */
	textshotSingles: SingleEntries;
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
		chunkOwner: 'user',
		repeatedChunk: 'refused',
		chunkFileName: 'percentDecoded',
		sentArchive: 'takenApart',
		lastChunkAnswer: 'finished',
		severalFilesAuto: 'zip',
		documentThumbnail: 'served',
		downloadForm: 'length',
		downloadNames: 'both',
		downloadFileName: '',
		textRecognition: true,
		textshotSingles: 'list',
		keptFileBytes: 64_000_000,
	};
}

/** What sources leave open about files; part of `READINGS`. */
export const FILE_READINGS = {
	uploadAuthentication: { others: ['beforeBody'] },
	earlyRefusal: { others: ['closed'], harder: 'closed' },
	uploadFileNames: { others: ['plain', 'extended'], harder: 'plain' },
	chunkOwner: { others: ['session'], harder: 'session' },
	repeatedChunk: { others: ['accepted', 'appended'], harder: 'appended' },
	chunkFileName: { others: ['asSent', 'ofPart'], harder: 'ofPart' },
	sentArchive: { others: ['kept'] },
	lastChunkAnswer: { others: ['null'], harder: 'null' },
	severalFilesAuto: { others: ['pdf'], harder: 'pdf' },
	documentThumbnail: { others: ['absent'], harder: 'absent' },
	downloadForm: { others: ['chunked', 'gzip'], harder: 'gzip' },
	downloadNames: { others: ['plain', 'extended', 'none'], harder: 'plain' },
	textshotSingles: { others: ['entry'], harder: 'entry' },
} as const satisfies Readings<FileSwitches>;

/** A switch that plays a reading about files. */
export type FileReadingName = keyof typeof FILE_READINGS;
