import type { EntityTable } from './entityTable';
import { accountsBehaviour } from './accounts';
import { attachmentsBehaviour } from './attachments';
import { deliveryLinesBehaviour } from './deliveries';
import { deletionRule } from './deletionRules';
import { documentBehaviour } from './documentRules';
import type { Records } from './records';

/** What a resource does beyond keeping its rows. */
export type Behaviour = Pick<EntityTable, 'beforeInsert' | 'beforeUpdate' | 'beforeDelete'>;

/** The rules of one resource; most have none. */
export function behaviourOf(path: string, records: Records): Behaviour {
	const rules = BEHAVIOURS[path]?.(records) ?? documentBehaviour(path, records) ?? {};
	const beforeDelete = deletionRule(path, records);
	return beforeDelete ? { ...rules, beforeDelete } : rules;
}

const BEHAVIOURS: Readonly<Record<string, (records: Records) => Behaviour>> = {
	'crm/Accounts': accountsBehaviour,
	'salesorder/GoodsDeliveryLines': deliveryLinesBehaviour,
	'documents/DocumentAttachments': attachmentsBehaviour,
};
