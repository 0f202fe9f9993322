import type { Answer } from '../../shared/answers';
import type { FileSwitches } from '../fileSwitches';
import { errorAnswer, resourceAnswer } from '../http/answers';
import { asUtf8 } from '../http/dispositionParameters';
import type { FileContent } from '../http/fileContent';
import type {
	ChunkedFile,
	ChunkedUpload,
	ChunkRefusal,
	ChunkTarget,
} from '../world/chunkedUploads';
import { addSection } from '../world/documents';
import type { ReceivedFile } from '../world/documents';
import { readTar } from '../world/tarArchive';
import { isAnswer } from './authentication';
import { platformPath } from './call';
import type { PlatformCall, Principal, SignedInHandler } from './call';
import { documentResource } from './documentResource';
import { cabinetFor } from './fileCabinets';
import { replaceContent, sectionResource } from './sectionResource';
import { storeUpload } from './storing';
import { baseName, modifiedAtOf, readUpload } from './uploads';
import type { Upload } from './uploads';

/** Several files in one upload (docs/facts/docuware.md 7.2). */
const tarNames = 'Tar file names:';
const tarType = 'application/vnd.docuware.platform.filescontainer+tar';

/** Takes the first chunk of an upload. The upload is whole at once where the chunk is the file. */
export function beginChunks(
	call: PlatformCall,
	principal: Principal,
	upload: Upload,
	target: ChunkTarget,
): Answer {
	const { server, request } = call;
	const [file, ...others] = upload.files;
	if (file === undefined || others.length > 0) {
		return errorAnswer(request, 400, 'A chunk needs one part with a file.');
	}
	const described = describe(call, upload, file);
	if (isAnswer(described)) return described;
	const begun = server.chunkedUploads.start(
		{ owner: ownerOf(call, principal), target, file: described },
		file.content,
		server.switches.keptFileBytes,
	);
	return next(call, principal, begun);
}

/** `POST FileCabinets/{id}/ChunkedUploads/{uploadId}/{number}`: a path that only the link `next` tells. */
export const addChunk: SignedInHandler = (call, principal) => {
	const cabinet = cabinetFor(call, principal);
	if (isAnswer(cabinet)) return cabinet;
	const { server, request, parameters } = call;
	const upload = readUpload(call);
	if (isAnswer(upload)) return upload;
	const [file, ...others] = upload.files;
	if (file === undefined || others.length > 0 || upload.fields.length > 0) {
		return errorAnswer(
			request,
			400,
			'A further chunk has one part with a file, and no index data.',
		);
	}
	const id = parameters['uploadId'] ?? '';
	const open = server.chunkedUploads.find(id);
	if (open !== undefined && Number(request.headers['x-file-size']) !== open.file.size) {
		return errorAnswer(request, 400, 'X-File-Size differs from that of the first chunk.');
	}
	const number = Number(parameters['number']);
	const { repeatedChunk } = server.switches;
	const taken = server.chunkedUploads.add(
		id,
		ownerOf(call, principal),
		number,
		file.content,
		repeatedChunk === 'appended',
	);
	if (taken === 'repeated' && open !== undefined && repeatedChunk === 'accepted') {
		return next(call, principal, open);
	}
	return next(call, principal, taken);
};

/** What goes out after a chunk: where the next one goes, or what the whole upload became. */
function next(
	call: PlatformCall,
	principal: Principal,
	taken: ChunkedUpload | ChunkRefusal,
): Answer {
	const { server, request } = call;
	if (typeof taken === 'string') return refused(call, taken);
	server.counts.chunksTaken += 1;
	if (taken.bytesWritten < taken.file.size) {
		return resourceAnswer(request, 'Document', { FileChunk: chunkState(taken) });
	}
	const content = server.chunkedUploads.finish(taken.id);
	const files = filesOf(taken.file, content, call.server.switches.sentArchive);
	if (files === undefined) return errorAnswer(request, 422, 'The archive of files cannot be read.');
	const { sectionCount } = taken.file;
	if (sectionCount !== undefined && sectionCount !== files.length) {
		return errorAnswer(
			request,
			422,
			`The document names ${sectionCount} sections, but there are ${files.length} files.`,
		);
	}
	return finished(call, principal, taken, files);
}

function finished(
	call: PlatformCall,
	principal: Principal,
	upload: ChunkedUpload,
	files: ReceivedFile[],
): Answer {
	const { server, request } = call;
	const { target } = upload;
	const FileChunk =
		server.switches.lastChunkAnswer === 'null'
			? null
			: { ...chunkState(upload), Finished: true, Links: [] };
	if (target.kind === 'document') {
		const stored = storeUpload(call, principal, target.storeDialogId, { ...target, files });
		if (isAnswer(stored)) return stored;
		const cabinet = cabinetFor(call, principal);
		if (isAnswer(cabinet)) return cabinet;
		const resource = documentResource(stored, cabinet, server.switches);
		return resourceAnswer(request, 'Document', { ...resource, FileChunk });
	}
	const document = server.documents.find(target.fileCabinetId, target.documentId);
	const [file] = files;
	if (document === undefined || file === undefined) {
		return errorAnswer(request, 404, `The document '${target.documentId}' was not found.`);
	}
	const section =
		target.kind === 'newSection'
			? addSection(document, file, server.now())
			: document.sections.find(({ number }) => number === target.section);
	if (section === undefined) return errorAnswer(request, 404, 'The section was not found.');
	if (target.kind === 'sectionData') replaceContent(section, file, server.now());
	return resourceAnswer(request, 'Section', {
		...sectionResource(section, document, server.switches),
		FileChunk,
	});
}

/** The state of an upload (docs/facts/docuware.md 7.2). */
function chunkState({ id, count, bytesWritten, target }: ChunkedUpload): object {
	return {
		Finished: false,
		LastChunkId: `${id}/${count - 1}`,
		BytesWritten: bytesWritten,
		Links: [
			{
				rel: 'next',
				href: `${platformPath}/FileCabinets/${target.fileCabinetId}/ChunkedUploads/${id}/${count}`,
			},
		],
	};
}

const refusals: Readonly<Record<ChunkRefusal, [status: number, message: string]>> = {
	unknown: [404, 'There is no such upload; begin it anew.'],
	wrongOrder: [409, 'This chunk is not the next one of the upload.'],
	repeated: [409, 'This chunk was received before.'],
	tooLong: [422, 'The chunks are longer than the X-File-Size that was announced.'],
};

function refused({ request }: PlatformCall, reason: ChunkRefusal): Answer {
	return errorAnswer(request, ...refusals[reason]);
}

function describe(
	{ request, server }: PlatformCall,
	upload: Upload,
	file: ReceivedFile,
): ChunkedFile | Answer {
	const size = request.headers['x-file-size'] ?? '';
	const header = asUtf8(request.headers['x-file-name'] ?? '');
	if (!/^\d+$/.test(size)) return errorAnswer(request, 400, 'X-File-Size is no number of bytes.');
	if (header === '') return errorAnswer(request, 400, 'X-File-Name is missing.');
	const { chunkFileName } = server.switches;
	const ofHeader = chunkFileName === 'asSent' ? header : percentDecoded(header);
	return {
		name: chunkFileName === 'ofPart' && !header.startsWith(tarNames) ? file.name : ofHeader,
		contentType: request.headers['x-file-type'] ?? file.contentType,
		size: Number(size),
		modifiedAt: modifiedAtOf(request).modifiedAt,
		sectionCount: upload.sectionCount,
	};
}

function percentDecoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

/** The files of a whole upload; undefined for an archive that is broken or holds others than announced. */
function filesOf(
	file: ChunkedFile,
	content: FileContent,
	archive: FileSwitches['sentArchive'],
): ReceivedFile[] | undefined {
	const { name, contentType, modifiedAt } = file;
	const when = modifiedAt === undefined ? {} : { modifiedAt };
	if (!name.startsWith(tarNames)) {
		return [{ name: baseName(name), contentType, content, ...when }];
	}
	if (!contentType.startsWith(tarType) || !content.isKept) return undefined;
	const names = name.slice(tarNames.length).split('/');
	const entries = readTar(content.bytes());
	if (entries?.length !== names.length) return undefined;
	if (archive === 'kept')
		return [{ name: `${baseName(names[0] ?? '')}.tar`, contentType, content }];
	return entries.map((entry) => ({
		name: baseName(entry.name),
		contentType: typeByName(entry.name),
		content: entry.content,
		...when,
	}));
}

const typesByExtension: Readonly<Record<string, string>> = {
	pdf: 'application/pdf',
	txt: 'text/plain',
	json: 'application/json',
	xml: 'text/xml',
	png: 'image/png',
	jpg: 'image/jpeg',
	tif: 'image/tiff',
};

/** The type of a file of an archive, which carries none. */
function typeByName(name: string): string {
	const extension = /\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
	return typesByExtension[extension] ?? 'application/octet-stream';
}

/** By switch the session, so that nobody goes on after a new log-on; a bearer token stands for its user. */
function ownerOf({ server }: PlatformCall, { user, session }: Principal): string {
	const isBound = server.switches.chunkOwner === 'session' && session !== undefined;
	return isBound ? session.id : user.name;
}
