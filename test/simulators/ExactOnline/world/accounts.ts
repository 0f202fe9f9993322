import { SeededRandom } from '../../shared/seededRandom';
import type { EdmValue, Row } from '../odata/edm';
import { ValidationError } from '../odata/validation';
import type { Behaviour } from './behaviours';
import { padCode, type TableContext } from './entityTable';
import type { Records } from './records';
import { nextAfter } from './serverFields';

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
	return Array.from({ length: count }, (_, index): Row => {
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
}

/** `crm/Accounts`: codes are padded, unique, and counted up where none is given. */
export function accountsBehaviour(records: Records): Behaviour {
	const rowsOf = ({ division = 0 }: TableContext): readonly Row[] =>
		records.set(division, 'crm/Accounts').rows;
	return {
		beforeInsert: (row, context) => {
			const rows = rowsOf(context);
			row['Code'] = padCode(row['Code'] ?? nextAfter(rows.map(codeOf), 1000));
			row['Status'] ??= 'A';
			refuseUsedCode(row['Code'], rows);
		},
		beforeUpdate: (changes, row, context) => {
			if (changes['Code'] === undefined || changes['Code'] === null) return;
			changes['Code'] = padCode(changes['Code']);
			refuseUsedCode(
				changes['Code'],
				rowsOf(context).filter((other) => other !== row),
			);
		},
	};
}

/** The number in an account's code; null for codes with letters. */
function codeOf(row: Row): EdmValue {
	const code = Number(row['Code'] ?? NaN);
	return Number.isFinite(code) ? code : null;
}

function refuseUsedCode(code: string, others: readonly Row[]): void {
	if (others.some((row) => row['Code'] === code)) {
		throw new ValidationError([{ kind: 'exists', field: 'Code' }]);
	}
}
