import type { INodeParameterResourceLocator } from 'n8n-workflow';
import { ConnectorError } from '../../../shared/errors';
import { optionsCollection, readOptions } from '../../../shared/node/optionsField';
import { entityRows, simplifyField } from '../../../shared/node/simplify';
import type { ExactRow } from '../../wire/exactTypes';
import { entityPath } from '../../odata/keys';
import { odataLiteral, padAccountCode } from '../../odata/literals';
import { divisionField, readDivision } from '../common/divisionField';
import { fieldsOption, selectOf } from '../common/listOptions';
import { simplify } from '../common/simplify';
import type { Operation, OperationCall } from '../operation';
import { accountField } from './accountField';

/** One account by ID or code. */
export const getAccount: Operation = {
	name: 'Get',
	value: 'get',
	action: 'Get an account',
	description: 'Get one account by its ID or code',
	fields: [divisionField, accountField, simplifyField, optionsCollection([fieldsOption])],
	async execute(call) {
		const division = await readDivision(call);
		const account = await readAccount(call, division, selectOf(readOptions(call)));
		return entityRows(call, [account], simplify);
	},
};

async function readAccount(
	call: OperationCall,
	division: number,
	select: string | undefined,
): Promise<ExactRow> {
	const { context, itemIndex, client, signal } = call;
	const locator = context.getNodeParameter('account', itemIndex) as INodeParameterResourceLocator;
	const value = String(locator.value ?? '').trim();
	if (value === '') {
		throw new ConnectorError('EXACT_INVALID_VALUE', 'No account is chosen.', {
			repair: 'Choose an account from the list, or give its ID or code.',
		});
	}
	const byCode = locator.mode === 'code';
	const { rows } = await client.request({
		method: 'GET',
		path: byCode ? 'crm/Accounts' : entityPath('crm/Accounts', 'Guid', value),
		division,
		query: byCode
			? {
					$select: select,
					$filter: `Code eq ${odataLiteral('String', padAccountCode(value))}`,
					$top: 1,
				}
			: { $select: select },
		signal,
	});
	const [row] = rows;
	if (row) return row;
	throw new ConnectorError(
		'EXACT_NOT_FOUND',
		`There is no account with the ${byCode ? 'code' : 'ID'} ${value} in division ${division}.`,
		{ repair: 'Check the value, and that the account is in this division.' },
	);
}
