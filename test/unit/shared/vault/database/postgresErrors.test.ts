import { isConnectionLoss } from '../../../../../nodes/shared/vault/database/postgresErrors';

describe('what the client of PostgreSQL meets', () => {
	it.each([
		['ECONNREFUSED', 'a server that restarts listens nowhere'],
		['ENOTFOUND', 'its container is gone, and its name with it'],
		['EAI_AGAIN', 'the name service restarts'],
		['EHOSTUNREACH', 'its network is set up anew'],
		['ENETUNREACH', 'the own network is set up anew'],
		['ECONNRESET', 'the connection broke'],
		['EPIPE', 'the connection broke'],
		['ECONNABORTED', 'the connection broke'],
		['57P01', 'it is shut down'],
		['57P02', 'it has crashed'],
		['57P03', 'it starts'],
		['57P05', 'it has ended an idle connection'],
		['25P03', 'it has ended an idle transaction'],
		['08006', 'the connection broke'],
		['08P01', 'a pooler lost its server'],
	])('%s passes: %s', (code) => {
		expect(isConnectionLoss(Object.assign(new Error('any'), { code }))).toBe(true);
	});

	it.each([
		['28P01', 'a wrong password'],
		['3D000', 'no such database'],
		['42501', 'a missing right'],
		['53300', 'no connection left'],
		['57014', 'a statement that took too long'],
		['CERT_HAS_EXPIRED', 'a certificate'],
		['EACCES', 'a firewall of this machine'],
	])('%s does not: %s', (code) => {
		expect(isConnectionLoss(Object.assign(new Error('any'), { code }))).toBe(false);
	});
});
