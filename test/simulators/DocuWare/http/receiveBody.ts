import type { IncomingMessage, ServerResponse } from 'node:http';

import { htmlAnswer, sendAnswer } from '../../shared/answers';
import type { Answer } from '../../shared/answers';
import type { Fault } from '../../shared/faults';
import type { ObservedRequest } from '../../shared/observedRequest';
import type { SimulatedServer } from '../simulatedServer';
import { readBodyOf } from './simulatedRequest';
import type { SimulatedRequest } from './simulatedRequest';

/** What stands around a body that is about to come. */
interface Reception {
	message: IncomingMessage;
	response: ServerResponse;
	observed: ObservedRequest;
	/** The fault that this request meets; a `cutUpload` strikes here. */
	fault: Fault | undefined;
	/** What the head alone is refused with, where the server looks at it before the body. */
	refuseEarly: (() => Answer | undefined) | undefined;
}

/** The whole body is there, the answer that went out instead, or the connection is gone. */
type Received = 'whole' | 'cut' | Answer;

/** The connection ends while the body comes in. */
class UploadCut extends Error {}

/**
 * Takes a body in. What is refused by size or, with the switch `uploadAuthentication`, before the body
 * came is answered here: after the rest was read and thrown away, or at once and with the connection
 * closed (switch `earlyRefusal`).
 */
export async function receiveBody(
	server: SimulatedServer,
	request: SimulatedRequest,
	{ message, response, observed, fault, refuseEarly }: Reception,
): Promise<Received> {
	const { maxRequestBytes, keptFileBytes, uploadFileNames, uploadAuthentication } = server.switches;
	const announced = Number(request.headers['content-length'] ?? 0);
	const limit = maxRequestBytes === 0 ? Infinity : maxRequestBytes;
	if (announced > limit) return await refuse(server, message, response, tooLarge());
	if (uploadAuthentication === 'beforeBody' && message.method !== 'GET') {
		const refusal = refuseEarly?.();
		if (refusal !== undefined) return await refuse(server, message, response, refusal);
	}
	const cutAfter =
		fault?.kind === 'cutUpload' ? (fault.afterBytes ?? Math.floor(announced / 2)) : Infinity;
	let isHeld = false;
	try {
		await readBodyOf(request, message, {
			keptBytes: keptFileBytes,
			fileNames: uploadFileNames,
			onBytes: async (bytes) => {
				if (bytes > limit) throw new TooLarge();
				if (!isHeld && bytes * 2 >= announced) {
					isHeld = true;
					const verdict = await server.holds.pass('platform.receiving', observed);
					if (verdict === 'drop') throw new UploadCut();
				}
				if (bytes > cutAfter) throw new UploadCut();
			},
		});
	} catch (error) {
		if (error instanceof TooLarge) return await refuse(server, message, response, tooLarge());
		message.socket.resetAndDestroy();
		return 'cut';
	}
	return 'whole';
}

class TooLarge extends Error {}

/** 413 as a web server before the platform sends it (docs/facts/docuware.md 7.3). */
function tooLarge(): Answer {
	return htmlAnswer(
		413,
		'<html><head><title>413 Request Entity Too Large</title></head>' +
			'<body><center><h1>413 Request Entity Too Large</h1></center></body></html>',
	);
}

async function refuse(
	server: SimulatedServer,
	message: IncomingMessage,
	response: ServerResponse,
	answer: Answer,
): Promise<Received> {
	if (server.switches.earlyRefusal === 'drained') {
		message.resume();
		if (!message.readableEnded && !message.destroyed) {
			await new Promise<void>((resolve) => {
				message.once('end', resolve);
				message.once('close', resolve);
			});
		}
		return (await sendAnswer(response, answer)) ? answer : 'cut';
	}
	const sent = await sendAnswer(response, {
		...answer,
		headers: { ...answer.headers, connection: 'close' },
	});
	message.socket.destroySoon();
	return sent ? answer : 'cut';
}
