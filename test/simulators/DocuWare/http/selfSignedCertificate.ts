import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';

/**
 * A fresh key and a certificate signed by itself, as PEM texts, for tests of "Ignore SSL Issues".
 * The certificate is right in every respect but its issuer, so a client that is given it as a
 * trusted one accepts it.
 * @param hosts names and IPv4 addresses that it is valid for
 * @param notAfter last moment of its life; default a day from now
 */
export function selfSignedCertificate(
	hosts: readonly string[] = ['localhost', '127.0.0.1'],
	notAfter: Date = new Date(Date.now() + 86_400_000),
): { key: string; cert: string } {
	const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
	const signatureAlgorithm = sequence(objectId(oids.ecdsaWithSha256));
	const name = sequence(set(sequence(objectId(oids.commonName), tagged(0x0c, text('Simulator')))));
	const toBeSigned = sequence(
		tagged(0xa0, tagged(0x02, Buffer.from([2]))),
		tagged(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
		signatureAlgorithm,
		name,
		sequence(time(new Date(Date.UTC(2020, 0, 1))), time(notAfter)),
		name,
		publicKey.export({ type: 'spki', format: 'der' }),
		tagged(
			0xa3,
			sequence(
				extension(oids.basicConstraints, sequence(tagged(0x01, Buffer.from([0xff])))),
				extension(oids.subjectAltName, sequence(...hosts.map(alternativeName))),
			),
		),
	);
	const signature = sign('sha256', toBeSigned, privateKey);
	const certificate = sequence(toBeSigned, signatureAlgorithm, bitString(signature));
	return {
		key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
		cert: pem(certificate),
	};
}

/** Object identifiers, DER encoded. */
const oids = {
	ecdsaWithSha256: '2a8648ce3d040302',
	commonName: '550403',
	basicConstraints: '551d13',
	subjectAltName: '551d11',
};

/** A DER value: tag, length, content. */
function tagged(tag: number, content: Buffer): Buffer {
	const { length } = content;
	const lengthBytes =
		length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
	return Buffer.concat([Buffer.from([tag, ...lengthBytes]), content]);
}

function sequence(...parts: Buffer[]): Buffer {
	return tagged(0x30, Buffer.concat(parts));
}

function set(...parts: Buffer[]): Buffer {
	return tagged(0x31, Buffer.concat(parts));
}

function objectId(hex: string): Buffer {
	return tagged(0x06, Buffer.from(hex, 'hex'));
}

function bitString(content: Buffer): Buffer {
	return tagged(0x03, Buffer.concat([Buffer.from([0]), content]));
}

function text(value: string): Buffer {
	return Buffer.from(value, 'utf8');
}

/** UTCTime `YYMMDDhhmmssZ`, which X.509 uses for dates before 2050. */
function time(date: Date): Buffer {
	const digits = date.toISOString().replace(/[-:T]/g, '').slice(2, 14);
	return tagged(0x17, text(`${digits}Z`));
}

function extension(oid: string, value: Buffer): Buffer {
	return sequence(objectId(oid), tagged(0x04, value));
}

function alternativeName(host: string): Buffer {
	return isIPv4(host)
		? tagged(0x87, Buffer.from(host.split('.').map(Number)))
		: tagged(0x82, text(host));
}

function pem(der: Buffer): string {
	const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
	return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
