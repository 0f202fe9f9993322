/**
 * Imported first by every test of this model, after `modelMocks`: the vault is the running process's,
 * and requests go to the model's server instead of the network.
 */
jest.mock('../../../../nodes/shared/vault/place/openVault', () => ({
	openVault: async () => {
		const { openedVault } = jest.requireActual<typeof import('./places')>('./places');
		return await Promise.resolve(openedVault());
	},
}));

jest.mock('../../../../nodes/shared/http/send', () => ({
	send: async (request: import('../../../../nodes/shared/http/httpTypes').HttpRequest) => {
		const { presentServer } = jest.requireActual<typeof import('./places')>('./places');
		return await presentServer().send(request);
	},
}));

jest.mock('../../../../nodes/shared/vault/rows/leases', () => {
	const real = jest.requireActual<typeof import('../../../../nodes/shared/vault/rows/leases')>(
		'../../../../nodes/shared/vault/rows/leases',
	);
	const { leaseCheck } = jest.requireActual<typeof import('./mutations')>('./mutations');
	return {
		...real,
		*holdsLease(name: string, token: string) {
			return leaseCheck.isOff || (yield* real.holdsLease(name, token));
		},
	};
});
