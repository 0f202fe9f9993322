import { checkCallback } from '../../../../../nodes/ExactOnline/trigger/webhook/callback';

const SERVICE = 'https://start.exactonline.nl';

function problemOf(url: string, instanceUrl: string, service = SERVICE): string | undefined {
	try {
		checkCallback({ url, instanceUrl, service });
		return undefined;
	} catch (error) {
		expect(error).toMatchObject({ code: 'EXACT_WEBHOOK_ADDRESS' });
		return (error as Error).message;
	}
}

it.each([
	['https://n8n.example.com/webhook/1', 'https://n8n.example.com'],
	['https://hooks.example.com/webhook/1', 'https://n8n.example.com/'],
	['https://hooks.example.co.uk/webhook/1', 'https://n8n.example.co.uk'],
	['https://example.nl/webhook/1', 'https://n8n.example.nl'],
	['https://hooks.kpn.nl/webhook/1', 'https://n8n.kpn.nl'],
	['https://hooks.abc.de/webhook/1', 'https://abc.de'],
	['https://10.0.0.1/webhook/1', 'https://10.0.0.1:5678'],
])('takes %s beside %s', (url, instanceUrl) => {
	expect(problemOf(url, instanceUrl)).toBeUndefined();
});

it.each([
	['http://n8n.example.com/webhook/1', 'http://n8n.example.com', 'https addresses only'],
	['http://localhost:5678/webhook/1', 'http://localhost:5678', 'https addresses only'],
	['https://tunnel.example.org/webhook/1', 'https://n8n.example.com', 'at tunnel.example.org'],
	['https://a.co.uk/webhook/1', 'https://b.co.uk', 'is at b.co.uk'],
	['https://a.com.tr/webhook/1', 'https://b.com.tr', 'is at b.com.tr'],
	['https://10.0.0.2/webhook/1', 'https://10.0.0.1', 'is at 10.0.0.1'],
	['', 'https://n8n.example.com', 'no address'],
])('refuses %s beside %s', (url, instanceUrl, problem) => {
	expect(problemOf(url, instanceUrl)).toContain(problem);
});

it('takes plain http to this machine where the service is a stand-in on it, and nothing else', () => {
	const standIn = 'http://127.0.0.1:8090';
	const url = 'http://127.0.0.1:5678/webhook/1';
	expect(problemOf(url, 'http://localhost:5678', standIn)).toBeUndefined();
	expect(problemOf('', 'http://localhost:5678', standIn)).toContain('no address');
	const elsewhere = 'n8n.example.com/webhook/1';
	expect(problemOf(`http://${elsewhere}`, 'http://localhost:5678', standIn)).toContain('https');
	expect(problemOf(`https://${elsewhere}`, 'https://tunnel.example.org', standIn)).toContain(
		'is at tunnel.example.org',
	);
});
