import { EDM_TYPES, type EdmType } from '../odata/edm';

/** A parameter that a function endpoint takes in its URL. */
export interface FunctionParameter {
	name: string;
	type: EdmType;
}

/**
 * Parameters by endpoint, as far as a public source names them (docs/facts/exact-online.md 4.5). The other
 * functions take none, or nobody says which; Exact's answer does then.
 */
const PARAMETERS: Readonly<Record<string, string>> = {
	'read/crm/AccountDocumentFolders': 'accountId:Guid',
	'read/crm/AccountDocuments': 'accountId:Guid searchText:String useFullTextSearch:Boolean',
	'read/crm/AccountDocumentsCount': 'accountId:Guid searchText:String useFullTextSearch:Boolean',
	'read/crm/DefaultAddressForAccount': 'accountId:Guid addressType:Int32',
	'read/crm/OpportunityDocuments': 'opportunityId:Guid searchText:String',
	'read/crm/OpportunityDocumentsCount': 'opportunityId:Guid searchText:String',
	'read/financial/AgingOverviewByAccount': 'accountId:Guid',
	'read/financial/AgingPayablesListByAgeGroup': 'ageGroup:Int32',
	'read/financial/AgingReceivablesListByAgeGroup': 'ageGroup:Int32',
	'read/financial/PayablesListByAccount': 'accountId:Guid',
	'read/financial/PayablesListByAccountAndAgeGroup': 'accountId:Guid ageGroup:Int32',
	'read/financial/PayablesListByAgeGroup': 'ageGroup:Int32',
	'read/financial/ReceivablesListByAccount': 'accountId:Guid',
	'read/financial/ReceivablesListByAccountAndAgeGroup': 'accountId:Guid ageGroup:Int32',
	'read/financial/ReceivablesListByAgeGroup': 'ageGroup:Int32',
	'read/financial/RevenueListByYear': 'year:Int32',
	'read/financial/RevenueListByYearAndStatus': 'year:Int32 afterEntry:Boolean',
	'read/logistics/ItemDetailsByID': 'itemId:Guid',
	'read/logistics/StockPosition': 'itemId:Guid',
	'read/mailbox/PreferredMailboxForOperation': 'operation:Int32',
	'read/project/CostEntryExpensesByProject': 'projectId:Guid',
	'read/project/CostEntryRecentAccountsByProject': 'projectId:Guid',
	'read/project/CostEntryRecentCostTypesByProject': 'projectId:Guid',
	'read/project/CostEntryRecentExpensesByProject': 'projectId:Guid',
	'read/project/CostTypesByDate': 'checkDate:DateTime',
	'read/project/CostTypesByProjectAndDate': 'projectId:Guid checkDate:DateTime',
	'read/project/CostsByDate': 'checkDate:DateTime',
	'read/project/CostsById': 'entryId:Guid',
	'read/project/HourEntryActivitiesByProject': 'projectId:Guid',
	'read/project/HourEntryRecentAccountsByProject': 'projectId:Guid',
	'read/project/HourEntryRecentActivitiesByProject': 'projectId:Guid',
	'read/project/HourEntryRecentHourTypesByProject': 'projectId:Guid',
	'read/project/HourTypesByDate': 'checkDate:DateTime',
	'read/project/HourTypesByProjectAndDate': 'projectId:Guid checkDate:DateTime',
	'read/project/HoursByDate': 'checkDate:DateTime',
	'read/project/HoursById': 'entryId:Guid',
	'read/project/ProjectWBSByProjectAndWBS': 'projectId:Guid projectWBSId:Guid wbsType:Int16',
	'read/project/RecentCostsByNumberOfWeeks': 'numberOfWeeks:Int32',
	'read/project/TimeAndBillingAccountDetailsByID': 'accountId:Guid',
	'read/project/TimeAndBillingEntryAccountsByDate': 'checkDate:DateTime',
	'read/project/TimeAndBillingEntryAccountsByProjectAndDate': 'projectId:Guid checkDate:DateTime',
	'read/project/TimeAndBillingEntryProjectsByAccountAndDate': 'accountId:Guid checkDate:DateTime',
	'read/project/TimeAndBillingEntryProjectsByDate': 'checkDate:DateTime',
	'read/project/TimeAndBillingItemDetailsByID': 'itemId:Guid',
	'read/project/TimeAndBillingProjectDetailsByID': 'projectId:Guid',
	'read/sync/Sync/SyncTimestamp': 'modified:DateTime endPoint:String',
	'users/UserHasRights': 'endpoint:String action:String',
};

/** Functions that want parameters which no public source names, and what one tells of them (docs/facts/exact-online.md 4.5). */
export const UNNAMED_PARAMETERS: Readonly<Record<string, string>> = {
	'read/logistics/SalesItemPrice':
		'It tells the price of an item for an account at a date, and wants all of its parameters.',
};

/** Paths of the functions whose parameters are known. */
export const KNOWN_FUNCTIONS: readonly string[] = Object.keys(PARAMETERS);

/** The known parameters of a function; undefined where nobody says whether it takes any. */
export function functionParameters(path: string): readonly FunctionParameter[] | undefined {
	const text = Object.hasOwn(PARAMETERS, path) ? PARAMETERS[path] : undefined;
	return text?.split(' ').flatMap((word) => {
		const [name = '', typeName] = word.split(':');
		const type = EDM_TYPES.find((one) => one === typeName);
		return type === undefined ? [] : [{ name, type }];
	});
}
