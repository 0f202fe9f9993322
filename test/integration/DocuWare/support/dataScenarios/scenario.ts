import type { INodeExecutionData } from 'n8n-workflow';
import type { SwitchChanges } from '../../../../simulators/DocuWare';
import type { useNode } from '../../node/support/nodeFixture';

/** Starts the simulator with the reading and shows that the node does as it promises. */
export type Scenario = (
	start: ReturnType<typeof useNode>['start'],
	reading: SwitchChanges,
) => Promise<void>;

export const INVOICES = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';
export const TRAY = 'b_e9f0b3c1-2d47-4e58-8b6a-1c3d5e7f9a40';

const locator = (mode: string, value: string) => ({ __rl: true, mode, value });

export const cabinet = { fileCabinetId: locator('id', INVOICES) };
export const tray = { fileCabinetId: locator('id', TRAY) };
export const dialog = (value: string) => ({ dialogId: locator('name', value) });

export const idsOf = (items: INodeExecutionData[]): unknown[] =>
	items.map(({ json }) => json.documentId);
