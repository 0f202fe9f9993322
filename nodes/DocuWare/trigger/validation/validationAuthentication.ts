import { createHash, timingSafeEqual } from 'node:crypto';
import type { Delivery } from '../../../shared/node/webhookFrame';

/** Where the validation secret is looked for. */
export type SecretPlace = 'header' | 'path';

/** Own header of the secret, for a web service whose headers can be chosen. */
const SECRET_HEADER = 'x-validation-secret';

/**
 * Whether a question shows the validation secret, compared in a time that tells nothing of it. In a header it may be
 * `X-Validation-Secret`, the token of `Authorization: Bearer`, or the password of `Authorization: Basic`.
 *
 * @param pathSecret last part of the address, where the address has it
 */
export function showsSecret(
	place: SecretPlace,
	{ headers }: Pick<Delivery, 'headers'>,
	pathSecret: unknown,
	secret: string,
): boolean {
	if (secret === '') return false;
	const shown = place === 'path' ? [pathSecret] : secretsIn(headers);
	return shown.some((one) => typeof one === 'string' && isSame(one, secret));
}

function secretsIn(headers: Delivery['headers']): unknown[] {
	const [, scheme = '', given = ''] = /^(\w+) +(\S+)$/.exec(headers.authorization ?? '') ?? [];
	const authorization = {
		bearer: () => given,
		basic: () =>
			Buffer.from(given, 'base64')
				.toString('utf8')
				.replace(/^[^:]*:/, ''),
	}[scheme.toLowerCase()];
	return [headers[SECRET_HEADER], authorization?.()];
}

function isSame(one: string, other: string): boolean {
	const digest = (text: string) => createHash('sha256').update(text, 'utf8').digest();
	return timingSafeEqual(digest(one), digest(other));
}
