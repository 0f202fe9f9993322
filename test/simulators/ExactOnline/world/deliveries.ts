import type { EdmValue, Row } from '../odata/edm';
import { ValidationError } from '../odata/validation';
import type { Behaviour } from './behaviours';
import { endpointFacts } from './endpointFacts';
import type { Records } from './records';
import { describeReferences } from './references';

const ORDERS = 'salesorder/SalesOrders';
const ORDER_LINES = 'salesorder/SalesOrderLines';
const DELIVERIES = 'salesorder/GoodsDeliveries';
const DELIVERY_LINES = 'salesorder/GoodsDeliveryLines';

/**
 * `salesorder/GoodsDeliveryLines`: more than what is left of the order's line cannot be delivered; item and
 * customer are those of the order (docs/facts/exact-online.md 7.2).
 */
export function deliveryLinesBehaviour(records: Records): Behaviour {
	return {
		beforeInsert: (row, { division = 0 }) => {
			const ordered = records.set(division, ORDER_LINES).find([row['SalesOrderLineID'] ?? null]);
			if (!ordered) return;
			refuseUnapproved(ordered, division, records);
			deliver(row['QuantityDelivered'] ?? null, 0, ordered, division, records);
			row['Item'] = ordered['Item'] ?? null;
			row['QuantityOrdered'] = ordered['Quantity'] ?? null;
			row['SalesOrderLineNumber'] = ordered['LineNumber'] ?? null;
			describe(DELIVERY_LINES, row, division, records);
			nameCustomer(row, ordered, division, records);
		},
		beforeUpdate: (changes, row, { division = 0 }) => {
			const ordered = records.set(division, ORDER_LINES).find([row['SalesOrderLineID'] ?? null]);
			const quantity = changes['QuantityDelivered'];
			if (!ordered || quantity === undefined) return;
			deliver(quantity, Number(row['QuantityDelivered'] ?? 0), ordered, division, records);
		},
	};
}

function refuseUnapproved(ordered: Row, division: number, records: Records): void {
	const order = records.set(division, ORDERS).find([ordered['OrderID'] ?? null]);
	if (order && order['ApprovalStatus'] !== 2) {
		throw new ValidationError([{ kind: 'invalid', field: 'ApprovalStatus' }]);
	}
}

/** Moves the delivered quantity of an order's line from one number to another. */
function deliver(
	quantity: EdmValue,
	before: number,
	ordered: Row,
	division: number,
	records: Records,
): void {
	const delivered = Number(ordered['QuantityDelivered'] ?? 0) - before + Number(quantity);
	if (Number(quantity) <= 0 || delivered > Number(ordered['Quantity'] ?? 0)) {
		throw new ValidationError([{ kind: 'invalid', field: 'QuantityDelivered' }]);
	}
	ordered['QuantityDelivered'] = delivered;
	records.stamp(division, ordered);
}

function nameCustomer(line: Row, ordered: Row, division: number, records: Records): void {
	const header = records.set(division, DELIVERIES).find([line['EntryID'] ?? null]);
	const order = records.set(division, ORDERS).find([ordered['OrderID'] ?? null]);
	if (!header || !order || header['DeliveryAccount']) return;
	header['DeliveryAccount'] = order['DeliverTo'] ?? null;
	header['DeliveryContact'] = order['DeliverToContactPerson'] ?? null;
	describe(DELIVERIES, header, division, records);
}

function describe(path: string, row: Row, division: number, records: Records): void {
	const { fields } = endpointFacts(path);
	describeReferences({ path, typeName: '', keys: [], fields }, row, division, records);
}
