import { compileFilter } from '../../../simulators/ExactOnline/odata/filter';
import type { Row } from '../../../simulators/ExactOnline/odata/edm';

const type = {
	typeName: 'Exact.Web.Api.Models.CRM.Account',
	fields: {
		ID: 'Guid',
		Name: 'String',
		Code: 'String',
		Created: 'DateTime',
		IsSales: 'Boolean',
		CreditLineSales: 'Double',
		Timestamp: 'Int64',
		Logo: 'Binary',
		City: 'String',
	},
} as const;

const row: Row = {
	ID: '0a0b0c0d-1111-4222-8333-444455556666',
	Name: "Bakker 't Hart",
	Code: '              1001',
	Created: Date.UTC(2026, 3, 7, 10, 30),
	IsSales: true,
	CreditLineSales: 250.5,
	Timestamp: 4_294_967_296,
};

test.each([
	"Name eq 'Bakker ''t Hart'",
	"ID eq guid'0A0B0C0D-1111-4222-8333-444455556666'",
	"trim(Code) eq '1001'",
	"Code ne '1001'",
	"Created ge datetime'2026-04-07' and Created lt datetime'2026-04-07T10:30:01'",
	'IsSales eq true',
	'IsSales',
	'not (IsSales eq false)',
	'CreditLineSales gt 250 and CreditLineSales le 250.5',
	'Timestamp gt 4294967295L',
	'-1 lt CreditLineSales',
	'City eq null',
	"City ne 'Delft'",
	"substringof('Hart',Name) eq true",
	"substringof('Hart',Name)",
	"startswith(Name,'Bak') eq true and endswith(Name,'art') eq true",
	"tolower(Name) eq 'bakker ''t hart'",
	"toupper(trim(Code)) eq '1001'",
	'year(Created) eq 2026 and month(Created) eq 4 and day(Created) eq 7',
	"Name eq 'x' or IsSales eq true and not startswith(Name,'x')",
	"(Name eq 'x' or IsSales eq true) and Code gt ''",
])('accepts the row: %s', (text) => {
	expect(compileFilter(text, type).accepts(row)).toBe(true);
});

test.each([
	"Name eq 'bakker ''t hart'",
	"City gt 'A'",
	"startswith(City,'A')",
	"Name eq 'x' and IsSales eq true or false",
	'not IsSales',
])('does not accept the row: %s', (text) => {
	expect(compileFilter(text, type).accepts(row)).toBe(false);
});

test.each([
	[
		"ID eq '0a0b0c0d-1111-4222-8333-444455556666'",
		"Operator 'eq' incompatible with operand types 'Edm.Guid' and 'Edm.String' at position 3.",
	],
	[
		'Code gt 1001',
		"Operator 'gt' incompatible with operand types 'Edm.String' and 'Edm.Int32' at position 5.",
	],
	[
		"Created ge '2026-04-07'",
		"Operator 'ge' incompatible with operand types 'Edm.DateTime' and 'Edm.String' at position 8.",
	],
	[
		'Name and IsSales',
		"Operator 'and' incompatible with operand types 'Edm.String' and 'Edm.Boolean' at position 5.",
	],
	[
		"name eq 'x'",
		"No property 'name' exists in type 'Exact.Web.Api.Models.CRM.Account' at position 0.",
	],
	["contains(Name,'x')", "Unknown function 'contains' at position 0."],
	['startswith(Name,1)', /^No applicable function found for 'startswith' at position 0/],
	["Name in ('a','b')", 'Syntax error at position 5.'],
	["Name eq 'open", 'Syntax error at position 8.'],
	["ID eq guid'123'", "Unrecognized 'Edm.Guid' literal 'guid'123'' at '6'."],
	["Created gt datetime'2026-02-30'", /^Unrecognized 'Edm.DateTime' literal/],
	['Timestamp gt 4294967295', 'Syntax error at position 13.'],
	['Name eq City', /^Comparing a property with another property is not supported/],
	['Name', "Expression of type 'System.Boolean' expected at position 0."],
	["(Name eq 'x'", "')' or operator expected at position 12."],
	['Name eq', 'Expression expected at position 7.'],
	["Account/Name eq 'x'", /^No property 'Account\/Name'/],
	['Logo eq null', /^Operator 'eq' incompatible with operand types 'Edm.Binary'/],
])('refuses: %s', (text, message) => {
	expect(() => compileFilter(text, type)).toThrow(message);
});

test('names the fields it reads', () => {
	const { fields } = compileFilter("startswith(Name,'x') or ID ne null", type);
	expect([...fields].sort()).toEqual(['ID', 'Name']);
});
