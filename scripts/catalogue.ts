import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isLoopbackHost } from '../nodes/shared/http';
import { abilitiesSource } from './catalogue/abilities';
import { compareMetadata, folderOfAddress } from './catalogue/compareMetadata';
import { generate } from './catalogue/generate';
import { DATA_FOLDER, differences, readFiles, writeFiles } from './catalogue/generatedFiles';
import { operationsDocument } from './catalogue/operationsTable';
import { readSource } from './catalogue/source';

const DOCUMENT = join(__dirname, '../docs/exact-online-operations.md');

const ABILITIES = join(__dirname, '../nodes/ExactOnline/catalogue/firstClass/abilities.ts');

const USAGE = `npm run catalogue                        writes the catalogue of endpoints anew
npm run catalogue -- --check             fails where it differs from what would be written
npm run catalogue -- --compare <where> [folder]
                                         tells what a service's $metadata has and the catalogue has not, and
                                         the other way round. <where> is a file, or an address such as
                                         https://start.exactonline.nl/api/v1/1234567/crm/$metadata with the
                                         access token in EXACT_ACCESS_TOKEN. The folder, such as crm or sync/CRM,
                                         is that of the address; of a file it is guessed by the entity sets where
                                         it is not named`;

/** Makes `nodes/ExactOnline/catalogue/data` from `docs/facts/exact-online-endpoints.json`. */
async function main([option, where, folder, ...more]: readonly string[]): Promise<number> {
	if (more.length > 0) return say(USAGE, 2);
	if (option === undefined) {
		const files = generate(readSource());
		writeFiles(DATA_FOLDER, files);
		writeFileSync(DOCUMENT, operationsDocument());
		writeFileSync(ABILITIES, abilitiesSource());
		return say(`${files.size} files written, and ${DOCUMENT} and ${ABILITIES}.`);
	}
	if (option === '--check' && where === undefined) {
		const problems = differences(generate(readSource()), readFiles(DATA_FOLDER));
		const made = [
			[DOCUMENT, operationsDocument()],
			[ABILITIES, abilitiesSource()],
		] as const;
		for (const [file, content] of made) {
			if (readFileSync(file, 'utf8') !== content) problems.push(`${file} differs`);
		}
		if (problems.length === 0) return say('The catalogue is up to date.');
		return say(`${problems.join('\n')}\nRun "npm run catalogue".`, 1);
	}
	if (option === '--compare' && where !== undefined) {
		const named = folder ?? folderOfAddress(where);
		const found = compareMetadata(await metadataFrom(where), readSource(), named);
		return say(found.lines.join('\n'), found.differs ? 1 : 0);
	}
	return say(USAGE, 2);
}

async function metadataFrom(where: string): Promise<string> {
	if (!/^https?:\/\//.test(where)) return readFileSync(where, 'utf8');
	const token = process.env.EXACT_ACCESS_TOKEN ?? '';
	if (token === '') throw new Error('Put an access token into EXACT_ACCESS_TOKEN.');
	const { protocol, hostname } = new URL(where);
	if (protocol !== 'https:' && !isLoopbackHost(hostname)) {
		throw new Error('A token is sent over https only.');
	}
	const answer = await fetch(where, {
		headers: { authorization: `Bearer ${token}`, accept: 'application/xml' },
		// A token goes to the host that was named, and to no other.
		redirect: 'error',
		signal: AbortSignal.timeout(60_000),
	});
	if (answer.ok) return await answer.text();
	throw new Error(`${new URL(where).host} answered ${answer.status} ${answer.statusText}.`);
}

function say(text: string, code = 0): number {
	console.log(text);
	return code;
}

main(process.argv.slice(2)).then(
	(code) => {
		process.exitCode = code;
	},
	(error: unknown) => {
		console.error(error instanceof Error ? error.message : error);
		process.exitCode = 1;
	},
);
