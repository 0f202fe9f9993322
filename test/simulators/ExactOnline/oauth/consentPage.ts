import { escapeMarkup } from '../../shared/answers';
import type { SimulatedApp, SimulatedUser } from '../world/people';

/** The page that asks a person who they are and whether the app may act for them. */
export function consentPage(
	app: SimulatedApp,
	users: readonly SimulatedUser[],
	chosenUserId: string,
	query: URLSearchParams,
): string {
	const hidden = [...query].map(
		([name, value]) =>
			`<input type="hidden" name="${escapeMarkup(name)}" value="${escapeMarkup(value)}">`,
	);
	const choices = users.map((user) => {
		const checked = user.userId === chosenUserId ? ' checked' : '';
		return `<label><input type="radio" name="userId" value="${escapeMarkup(user.userId)}"${checked}> ${escapeMarkup(user.fullName)} <small>(${escapeMarkup(user.userName)}, ${user.divisions.length} divisions)</small></label>`;
	});
	return page(
		'Exact Online simulator: log in',
		`<h1>Exact Online simulator</h1>
<p><strong>${escapeMarkup(app.name)}</strong> asks for access to your Exact Online data.</p>
<form method="post" action="/api/oauth2/auth">
${hidden.join('\n')}
<fieldset><legend>Log in as</legend>
${choices.join('\n')}
</fieldset>
<p><button type="submit" name="decision" value="allow">Allow</button>
<button type="submit" name="decision" value="deny">Deny</button></p>
</form>`,
	);
}

/** A page that tells why the log-in cannot go on. */
export function refusalPage(message: string): string {
	return page('Exact Online simulator: error', `<h1>Error</h1><p>${escapeMarkup(message)}</p>`);
}

function page(title: string, body: string): string {
	return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title>
<style>body{font:16px sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem}label{display:block;margin:.4rem 0}button{font-size:1rem;padding:.4rem 1.2rem}</style>
</head><body>
${body}
</body></html>`;
}
