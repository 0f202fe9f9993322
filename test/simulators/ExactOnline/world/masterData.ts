import { SeededRandom } from '../../shared/seededRandom';
import type { Row } from '../odata/edm';

/** Rows that a division has from the beginning, by endpoint: what invoices, orders and entries refer to. */
export function seedMasterData(
	division: number,
	accounts: readonly Row[],
	seed: string,
): Map<string, Row[]> {
	const random = new SeededRandom(`${seed}/masterData/${division}`);
	const result = new Map<string, Row[]>();
	for (const [path, rows] of Object.entries(TABLES)) {
		result.set(
			path,
			rows.map((row) => ({ ...STAMPS, Division: division, ID: random.guid(), ...row })),
		);
	}
	const idOf = (path: string, code: string): string =>
		String(result.get(path)?.find((row) => row['Code'] === code)?.['ID']);
	result.set('logistics/Items', seedItems(division, random, idOf));
	result.set('crm/Contacts', seedContacts(division, random, accounts));
	result.set('crm/Addresses', seedAddresses(division, random, accounts));
	return result;
}

const CREATED = Date.UTC(2024, 0, 1);
const STAMPS: Row = { Created: CREATED, Modified: CREATED };

function coded(entries: Readonly<Record<string, string>>, more: Row = {}): Row[] {
	return Object.entries(entries).map(([Code, Description]) => ({ Code, Description, ...more }));
}

/** Types of journals: 10 cash, 12 bank, 20 sales, 22 purchase, 90 general. */
const JOURNALS: ReadonlyArray<readonly [code: string, description: string, type: number]> = [
	['10', 'Kas', 10],
	['20', 'Bank', 12],
	['60', 'Inkoop', 22],
	['70', 'Verkoop', 20],
	['71', 'Verkoop webshop', 20],
	['90', 'Memoriaal', 90],
];

const VAT_CODES: ReadonlyArray<readonly [code: string, description: string, percentage: number]> = [
	['0', 'Geen btw', 0],
	['1', 'Btw laag 9%', 0.09],
	['2', 'Btw hoog 21%', 0.21],
	['4', 'Btw verlegd', 0],
];

const TABLES: Readonly<Record<string, readonly Row[]>> = {
	'cashflow/PaymentConditions': [
		{ Code: '00', Description: 'Contant', PaymentDays: 0 },
		{ Code: '14', Description: '14 dagen', PaymentDays: 14 },
		{ Code: '30', Description: '30 dagen', PaymentDays: 30 },
	],
	'documents/DocumentCategories': [{ Description: 'Facturen' }],
	'documents/DocumentFolders': coded({ ALG: 'Algemeen', INV: 'Facturen' }),
	'documents/DocumentTypes': [
		{ ID: 10, Description: 'Verkoopfactuur' },
		{ ID: 20, Description: 'Inkoopfactuur' },
		{ ID: 55, Description: 'Diversen' },
		{ ID: 183, Description: 'E-mail' },
	].map((row) => ({ ...row, DocumentIsCreatable: true, DocumentIsViewable: true })),
	'financial/GLAccounts': [
		...coded(
			{
				'0100': 'Inventaris',
				'1000': 'Kas',
				'1100': 'Bank',
				'1300': 'Debiteuren',
				'1500': 'Btw af te dragen',
				'1600': 'Crediteuren',
			},
			{ BalanceType: 'B', BalanceSide: 'D' },
		),
		...coded(
			{
				'4000': 'Lonen',
				'4300': 'Kantoorkosten',
				'7000': 'Inkoopwaarde omzet',
				'8000': 'Omzet handelsgoederen',
				'8100': 'Omzet diensten',
			},
			{ BalanceType: 'W', BalanceSide: 'C' },
		),
	],
	'financial/Journals': JOURNALS.map(([Code, Description, Type]) => ({
		Code,
		Description,
		Type,
		Currency: 'EUR',
	})),
	'general/Currencies': coded({ EUR: 'Euro', GBP: 'Pond sterling', USD: 'Amerikaanse dollar' }),
	'hrm/Costcenters': coded({ '001CC001': 'Magazijn', '002CC002': 'Verkoop' }, { Active: true }),
	'hrm/Costunits': coded({ '001CU001': 'Producten', '002CU002': 'Diensten' }),
	'inventory/Warehouses': [
		{ Code: '1', Description: 'Hoofdmagazijn', Main: 1 },
		{ Code: '2', Description: 'Buitenmagazijn', Main: 0 },
	],
	'logistics/ItemGroups': coded({ HAND: 'Handelsgoederen', DIEN: 'Diensten' }),
	'logistics/Units': [
		{ Code: 'pc', Description: 'Stuk', Type: 'O' },
		{ Code: 'hour', Description: 'Uur', Type: 'T' },
		{ Code: 'kg', Description: 'Kilogram', Type: 'W' },
		{ Code: 'box', Description: 'Doos', Type: 'O' },
	].map((row) => ({ ...row, Active: true })),
	'mailbox/Mailboxes': [{ Mailbox: 'administratie@exactonline.example', Type: 1 }],
	'payroll/Employees': [
		{ Code: '1', EmployeeHID: 1, FirstName: 'Eva', LastName: 'Bakker' },
		{ Code: '2', EmployeeHID: 2, FirstName: 'Joost', LastName: 'van Dijk' },
	].map((row) => ({ ...row, FullName: `${row.FirstName} ${row.LastName}`, IsActive: true })),
	'project/Projects': coded({ P001: 'Verbouwing', P002: 'Onderhoud' }, { Type: 2 }),
	'sales/SalesChannels': coded({ WEB: 'Webshop' }),
	'sales/ShippingMethods': coded({ POST: 'Post' }),
	'subscription/SubscriptionTypes': coded({ JAAR: 'Jaarabonnement', MND: 'Maandabonnement' }),
	'vat/VATCodes': VAT_CODES.map(([Code, Description, Percentage]) => ({
		Code,
		Description,
		Percentage,
	})),
};

const ITEM_NAMES = ['Bureaulamp', 'Stoel', "Kist 40'", 'Schroef M8 × 20', 'Advies', 'Reistijd'];

function seedItems(
	division: number,
	random: SeededRandom,
	idOf: (path: string, code: string) => string,
): Row[] {
	return Array.from({ length: 24 }, (_, index): Row => {
		const isService = index % 6 >= 4;
		const price = random.integer(2, 400) * 0.5;
		return {
			...STAMPS,
			ID: random.guid(),
			Division: division,
			Code: `ART-${String(index + 1).padStart(3, '0')}`,
			Description: `${ITEM_NAMES[index % 6] ?? ''} ${index + 1}`,
			IsSalesItem: true,
			IsPurchaseItem: !isService,
			IsStockItem: !isService,
			IsWebshopItem: index % 2,
			IsMakeItem: 0,
			IsTime: isService ? 1 : 0,
			ItemGroup: idOf('logistics/ItemGroups', isService ? 'DIEN' : 'HAND'),
			ItemGroupCode: isService ? 'DIEN' : 'HAND',
			GLRevenue: idOf('financial/GLAccounts', isService ? '8100' : '8000'),
			GLRevenueCode: isService ? '8100' : '8000',
			Unit: isService ? 'hour' : 'pc',
			SalesVatCode: '2',
			StandardSalesPrice: price,
			CostPriceStandard: price / 2,
			Stock: isService ? 0 : random.integer(0, 200),
			StartDate: CREATED,
		};
	});
}

const FIRST_NAMES = ['Anja', 'Bart', 'Chantal', 'Daan', 'Élise'] as const;
const LAST_NAMES = ['de Wit', 'Mulder', "van 't Hof", 'Smits'] as const;

/** Accounts that have a contact and an address of their own. */
const WITH_CONTACT = 20;

function seedContacts(division: number, random: SeededRandom, accounts: readonly Row[]): Row[] {
	return accounts.slice(0, WITH_CONTACT).map((account, index): Row => {
		const firstName = random.pick(FIRST_NAMES);
		const lastName = random.pick(LAST_NAMES);
		return {
			...STAMPS,
			ID: random.guid(),
			Division: division,
			HID: index + 1,
			Account: account['ID'] ?? null,
			AccountName: account['Name'] ?? null,
			FirstName: firstName,
			LastName: lastName,
			FullName: `${firstName} ${lastName}`,
			Email: `contact${index + 1}.${division}@example.com`,
			IsMainContact: true,
		};
	});
}

/** Types of addresses: 1 visit, 3 invoice, 4 delivery. */
function seedAddresses(division: number, random: SeededRandom, accounts: readonly Row[]): Row[] {
	return accounts.slice(0, WITH_CONTACT).map((account): Row => ({
		...STAMPS,
		ID: random.guid(),
		Division: division,
		Account: account['ID'] ?? null,
		AccountName: account['Name'] ?? null,
		Type: 4,
		Main: true,
		AddressLine1: account['AddressLine1'] ?? null,
		City: account['City'] ?? null,
		Country: account['Country'] ?? null,
		Postcode: account['Postcode'] ?? null,
	}));
}
