import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ICredentialType } from 'n8n-workflow';
import { DocuWareApi } from '../../../credentials/DocuWareApi.credentials';
import { DocuWareOAuth2Api } from '../../../credentials/DocuWareOAuth2Api.credentials';
import { DocuWareTokenApi } from '../../../credentials/DocuWareTokenApi.credentials';
import { ExactOnlineOAuth2Api } from '../../../credentials/ExactOnlineOAuth2Api.credentials';
import { errorTexts } from './support/errorTexts';
import { projectRoot } from './support/projectFiles';

const credentials: ICredentialType[] = [
	new ExactOnlineOAuth2Api(),
	new DocuWareApi(),
	new DocuWareTokenApi(),
	new DocuWareOAuth2Api(),
];

/** Names of the fields that are hidden before they are set, without what stands in brackets. */
const LABELS = [
	...new Set(
		credentials
			.flatMap(({ properties }) => properties)
			.filter(({ displayOptions }) =>
				Object.keys(displayOptions?.show ?? {}).some((name) => name.includes('advancedFields')),
			)
			.map(({ displayName }) => displayName.replace(/ \(.*\)$/, '')),
	),
];

/** A credential type of this name has no such switch. */
const OTHER = /DocuWare Webhook Secret/g;

/** Of DocuWare OAuth2 alone, which shows *Identity Service URL* always. */
const ALWAYS_SHOWN = 'DOCUWARE_IDENTITY_UNAVAILABLE';

const sending = errorTexts().flatMap(({ place, repairs, listRepairs }) =>
	[...repairs, ...listRepairs]
		.filter((repair) => LABELS.some((label) => repair.replace(OTHER, '').includes(label)))
		.map((repair) => [place, repair] as const),
);

it('knows the fields, and errors that send people to each', () => {
	expect(LABELS).toEqual(expect.arrayContaining(['Duplicate Registration', 'Ignore SSL Issues']));
	const unnamed = LABELS.filter((label) => !sending.some(([, repair]) => repair.includes(label)));
	// The error of a missing licence names them where they would help; its own test looks at where they are.
	expect(unnamed).toEqual(['Session Policy', 'Wait for a Licence']);
});

/** What an entry of the catalogue, or a row of a guide in another language, tells people to do. */
const told = [
	...[
		...readDoc('docs/errors.md').matchAll(
			/^### (\w+)$[\s\S]*?\*\*Repair:\*\*([\s\S]*?)(?=^### |(?![\s\S]))/gm,
		),
	],
	...['docs/nl/foutmeldingen.md', 'docs/de/fehlermeldungen.md'].flatMap((file) => [
		...readDoc(file).matchAll(/^\| \[(\w+)\].*\|(.*)\|$/gm),
	]),
]
	.map(([, code = '', text = '']) => [code, text.replace(/\s+/g, ' ').trim()] as const)
	.filter(
		([code, text]) =>
			code !== ALWAYS_SHOWN && LABELS.some((label) => text.replace(OTHER, '').includes(label)),
	);

function readDoc(file: string): string {
	return readFileSync(join(projectRoot, file), 'utf8');
}

it('finds such entries in the documents', () => {
	expect(told.length).toBeGreaterThanOrEqual(10);
});

it.each(told)('%s says in the documents where the field is: %s', (_code, text) => {
	expect(text).toContain('_Show Advanced Fields_');
});

it.each(sending)('%s says where the field is: %s', (_place, repair) => {
	expect(repair).toContain('under Show Advanced Fields');
});
