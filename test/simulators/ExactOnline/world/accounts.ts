import { SeededRandom } from '../../shared/seededRandom';
import { compareValues, type Row } from '../odata/edm';
import { ODataError } from '../odata/errors';
import { endpointFacts, padCode, type EntityTable, type TableContext } from './entityTable';

const NAMES = [
	'Bakkerij',
	'Garage',
	'Drukkerij',
	'Installatiebedrijf',
	'Bloemenhandel',
	'Transportbedrijf',
	'Architectenbureau',
	'Slagerij',
] as const;
const FAMILIES = [
	'de Boer',
	'Visser',
	'O’Brien',
	"'t Hart",
	'Müller',
	'Dubois & Fils',
	'Van den Berg',
	'Øster',
	'Peeters',
] as const;
const CITIES = [
	'Delft',
	'Zwolle',
	'Breda',
	'Gent',
	'Brugge',
	'Groningen',
	"'s-Hertogenbosch",
] as const;
const COUNTRIES = ['NL', 'NL', 'NL', 'BE', 'DE'] as const;
const STATUSES = ['C', 'C', 'C', 'P', 'S', 'A'] as const;
const EPOCH = Date.UTC(2024, 0, 1);
const YEAR_MS = 365 * 86_400_000;

/** Accounts of one division: the same for the same seed, division and count. */
export function seedAccounts(division: number, count: number, seed: string): Row[] {
	const random = new SeededRandom(`${seed}/accounts/${division}`);
	const rows = Array.from({ length: count }, (_, index): Row => {
		const family = random.pick(FAMILIES);
		const created = EPOCH + random.integer(0, YEAR_MS);
		const country = random.pick(COUNTRIES);
		const status = random.pick(STATUSES);
		const hasVat = random.next() < 0.8;
		return {
			ID: random.guid(),
			Code: padCode(1000 + index),
			Name: `${random.pick(NAMES)} ${family} ${index + 1}`,
			Status: status,
			IsSales: status === 'C',
			IsSupplier: random.next() < 0.3,
			Blocked: random.next() < 0.05,
			AddressLine1: `Dorpsstraat ${random.integer(1, 250)}`,
			Postcode: `${random.integer(1000, 9999)} XZ`,
			City: random.pick(CITIES),
			Country: country,
			Email: `info${index + 1}.${division}@example.com`,
			Phone: `+31 15 ${random.integer(1_000_000, 9_999_999)}`,
			VATNumber: hasVat ? `${country}${random.integer(100_000_000, 999_999_999)}B01` : null,
			ChamberOfCommerce: String(random.integer(10_000_000, 99_999_999)),
			SearchCode: family.toUpperCase().slice(0, 8),
			CreditLineSales: random.integer(0, 200) * 250,
			AddressSource: 2,
			Division: division,
			Created: created,
			Modified: created + random.integer(0, YEAR_MS),
		};
	});
	return rows.sort((left, right) => compareValues(left['ID'] ?? null, right['ID'] ?? null));
}

/**
 * `crm/Accounts`. Rows of a division are made when it is first asked for.
 * @param countOf number of accounts in a division
 */
export function accountsTable(countOf: (division: number) => number, seed: string): EntityTable {
	const byDivision = new Map<number, Row[]>();
	const rows = ({ division }: TableContext): Row[] => {
		if (division === undefined) return [];
		let found = byDivision.get(division);
		if (!found) {
			found = seedAccounts(division, countOf(division), seed);
			byDivision.set(division, found);
		}
		return found;
	};
	return {
		path: 'crm/Accounts',
		typeName: 'Exact.Web.Api.Models.Account',
		...endpointFacts('crm/Accounts'),
		rows,
		beforeInsert: (row, context) => {
			const code = row['Code'] ?? nextCode(rows(context));
			row['Code'] = padCode(code);
			row['Status'] ??= 'A';
			refuseUsedCode(row['Code'], rows(context));
			row['Creator'] = context.user.userId;
			row['CreatorFullName'] = context.user.fullName;
		},
		beforeUpdate: (changes, row, context) => {
			if (changes['Code'] !== undefined && changes['Code'] !== null) {
				changes['Code'] = padCode(changes['Code']);
				const others = rows(context).filter((other) => other !== row);
				refuseUsedCode(changes['Code'], others);
			}
			changes['Modifier'] = context.user.userId;
			changes['ModifierFullName'] = context.user.fullName;
		},
	};
}

function nextCode(rows: readonly Row[]): number {
	const codes = rows.map((row) => Number(row['Code'])).filter(Number.isFinite);
	return Math.max(999, ...codes) + 1;
}

function refuseUsedCode(code: string, others: readonly Row[]): void {
	if (others.some((row) => row['Code'] === code)) {
		throw new ODataError(400, 'Data already exists.: Code');
	}
}
