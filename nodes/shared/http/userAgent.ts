import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const PACKAGE_NAME = 'n8n-nodes-exactonline-docuware';

let known: string | undefined;

/** Value of the User-Agent header: name and version of this package. */
export function userAgent(): string {
	known ??= `${PACKAGE_NAME}/${readVersion(__dirname)}`;
	return known;
}

/** The package.json is at another depth in the sources than in the published package. */
function readVersion(folder: string): string {
	const file = join(folder, 'package.json');
	if (existsSync(file)) {
		const content = JSON.parse(readFileSync(file, 'utf8')) as { name?: unknown; version?: unknown };
		if (content.name === PACKAGE_NAME && typeof content.version === 'string')
			return content.version;
	}
	const parent = dirname(folder);
	return parent === folder ? '0' : readVersion(parent);
}
