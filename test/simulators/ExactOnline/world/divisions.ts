import { SeededRandom } from '../../shared/seededRandom';
import type { Row } from '../odata/edm';
import { endpointFacts } from './endpointFacts';
import type { EntityTable } from './entityTable';

const CITIES = ['Delft', 'Rotterdam', 'Utrecht', 'Antwerpen', 'Gent', 'Eindhoven'] as const;
const TRADES = ['Handel', 'Logistiek', 'Advies', 'Techniek', 'Horeca', 'Beheer'] as const;
const CREATED = Date.UTC(2019, 0, 7, 9, 30);

/** One division with the fields of docs/facts/exact-online.md 2.2 and a few more. */
export function divisionRow(code: number, index: number, seed: string): Row {
	const random = new SeededRandom(`${seed}/division/${code}`);
	const name = `${random.pick(TRADES)} ${random.pick(CITIES)} ${String(index + 1).padStart(2, '0')}`;
	return {
		Code: code,
		Hid: index + 1,
		Description: `${name} B.V.`,
		CustomerName: 'Simulated Holding B.V.',
		CustomerCode: '             10001',
		Country: 'NL',
		Currency: 'EUR',
		Legislation: '1',
		City: random.pick(CITIES),
		Postcode: `${random.integer(1000, 9999)} AB`,
		Email: `administratie.${code}@example.com`,
		Status: 1,
		BlockingStatus: 0,
		Current: false,
		IsMainDivision: index === 0,
		IsPracticeDivision: false,
		IsDossierDivision: false,
		IsHRDivision: false,
		Created: CREATED + index * 86_400_000,
		Modified: CREATED + index * 172_800_000,
		StartDate: Date.UTC(2019, 0, 1),
		VATNumber: `NL${random.integer(100_000_000, 999_999_999)}B01`,
	};
}

/**
 * The three division lists: those the user may reach, all of the licence, and the older HR list
 * with its own field names.
 */
export function divisionTables(all: readonly Row[]): EntityTable[] {
	const reachable: EntityTable['rows'] = ({ user }) =>
		all
			.filter((row) => user.divisions.includes(Number(row['Code'])))
			.map((row) => ({ ...row, Current: row['Code'] === user.divisions[0] }));
	const table = (path: string, typeName: string, rows: EntityTable['rows']): EntityTable => {
		const { fields, keys } = endpointFacts(path);
		return { path, typeName, keys, fields, methods: ['GET'], mandatory: [], rows };
	};
	return [
		table('system/Divisions', 'Exact.Web.Api.Models.System.Division', reachable),
		table('system/AllDivisions', 'Exact.Web.Api.Models.System.AllDivision', ({ user }) =>
			all.map((row) => ({ ...row, Current: row['Code'] === user.divisions[0] })),
		),
		table('hrm/Divisions', 'Exact.Web.Api.Models.HRM.Division', (context) =>
			reachable(context).map(({ Hid = null, IsMainDivision = null, ...row }) => ({
				...row,
				HID: Hid,
				Main: IsMainDivision,
			})),
		),
	];
}
