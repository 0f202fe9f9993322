import { endpointFacts } from './endpointFacts';
import type { EntityTable } from './entityTable';

/** `current/Me` (docs/facts/exact-online.md 2.1): one row, the user of the access token. */
export function meTable(): EntityTable {
	const { fields, keys } = endpointFacts('current/Me');
	return {
		path: 'current/Me',
		typeName: 'Exact.Web.Api.Models.System.Me',
		keys,
		fields,
		methods: ['GET'],
		mandatory: [],
		rows: ({ user, now }) => {
			const [firstName = '', ...lastName] = user.fullName.split(' ');
			const division = user.divisions[0] ?? null;
			return [
				{
					UserID: user.userId,
					CurrentDivision: division,
					AccountingDivision: division,
					DossierDivision: division,
					UserName: user.userName,
					FullName: user.fullName,
					FirstName: firstName,
					LastName: lastName.join(' '),
					Email: user.email,
					Language: 'NL-NL',
					LanguageCode: 'nl-NL',
					Legislation: 1,
					CustomerCode: '             10001',
					DivisionCustomerName: 'Simulated Holding B.V.',
					IsClientUser: false,
					IsMyFirmLiteUser: false,
					IsEmployeeSelfServiceUser: false,
					ServerTime: `/Date(${now})/`,
					ServerUtcOffset: 3600,
				},
			];
		},
	};
}
