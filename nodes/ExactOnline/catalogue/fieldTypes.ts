import type { RowTypes } from '../odata/answers';
import type { EdmType } from '../odata/edm';
import type { FilterField } from '../odata/filterRows';
import { fieldOf, readEndpoint } from './catalogue';
import { codesOf } from './endpointCodes';
import { ofField, wordOfCode } from './firstClass/codes';
import type { Endpoint, FieldType } from './types';

/** Endpoints whose `Code` is an account code with blanks before it (docs/facts/exact-online.md 4.4). */
const ACCOUNTS = new Set(['crm/Accounts', 'bulk/CRM/Accounts', 'sync/CRM/Accounts']);

/** Fields that repeat an account's code; that they have its blanks is likely, not known. */
const ACCOUNT_CODE = /^(?!GL)(?:\w*Account|(?:Division)?Customer|Supplier|Reseller)Code$/;

/** Types by which rows of an endpoint are read. */
export function rowTypes({ fields }: Endpoint): RowTypes {
	return {
		typeOf: (name) => primitive(fields.get(name)?.type),
		linesOf: (name) => {
			const lines = fields.get(name)?.lines;
			return lines === undefined ? undefined : lineTypes(readEndpoint(lines));
		},
	};
}

/** The same for the rows of a collection, whose codes are shown as words. */
function lineTypes(endpoint: Endpoint): RowTypes {
	const coded = codesOf(endpoint);
	const shown = (name: string, value: unknown) => {
		const codes = ofField(coded, name);
		const isCode = typeof value === 'string' || typeof value === 'number';
		return codes !== undefined && isCode ? wordOfCode(codes, value) : value;
	};
	return { ...rowTypes(endpoint), ...(coded !== undefined && { shown }) };
}

/**
 * What a filter must know of a field.
 * @throws ConnectorError EXACT_UNKNOWN_FIELD
 */
export function filterField(endpoint: Endpoint, name: string): FilterField {
	const type = primitive(fieldOf(endpoint, name).type);
	const code = type === 'String' ? accountCode(endpoint, name) : undefined;
	return code === undefined ? { name, type } : { name, type, code };
}

/** How a field holds an account code; undefined for any other field, whether it is known or not. */
export function accountCode({ path }: Pick<Endpoint, 'path'>, name: string): FilterField['code'] {
	if (name === 'Code' && ACCOUNTS.has(path)) return 'padded';
	return ACCOUNT_CODE.test(name) ? 'trimmed' : undefined;
}

/** The type of a single value; undefined for collections and what nobody knows. */
function primitive(type: FieldType | undefined): EdmType | undefined {
	return type === 'Collection' || type === 'Unknown' ? undefined : type;
}
