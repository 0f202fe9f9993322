/**
 * Plays a person with a browser at the consent page: opens the address that n8n's Connect button
 * leads to, picks a user, presses Allow.
 *
 * @returns the address of n8n's callback that the browser is sent to, with code and state
 */
export async function allowOnConsentPage(authUrl: string, userId: string): Promise<string> {
	const page = await fetch(authUrl);
	const html = await page.text();
	const form = new URLSearchParams();
	for (const [, name = '', value = ''] of html.matchAll(
		/<input type="hidden" name="([^"]*)" value="([^"]*)">/g,
	)) {
		form.append(name, unescapeMarkup(value));
	}
	if (!html.includes(`name="userId" value="${userId}"`)) {
		throw new Error(`The consent page (${page.status}) does not offer ${userId}: ${html}`);
	}
	form.set('userId', userId);
	form.set('decision', 'allow');
	const target = new URL(/<form method="post" action="([^"]*)">/.exec(html)?.[1] ?? '', authUrl);
	const answer = await fetch(target, { method: 'POST', body: form, redirect: 'manual' });
	const location = answer.headers.get('location');
	if (location === null) throw new Error(`Allow was answered ${answer.status}.`);
	return location;
}

function unescapeMarkup(text: string): string {
	const characters: Record<string, string> = { lt: '<', gt: '>', quot: '"', amp: '&', '#39': "'" };
	return text.replace(/&(lt|gt|quot|amp|#39);/g, (_, name: string) => characters[name] ?? '');
}
