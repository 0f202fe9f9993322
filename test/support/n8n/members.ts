import { N8nClient } from './n8nClient';

const MEMBER_PASSWORD = 'MemberOfTheTests1';

/** What n8n answers to an invitation where no e-mail is set up. */
interface Invitation {
	user: { inviteAcceptUrl?: string };
	error?: string;
}

/** Invites somebody with no more than the rights of a member, and gives that person's own session. */
export async function addMember(owner: N8nClient, email: string): Promise<N8nClient> {
	const body = [{ email, role: 'global:member' }];
	const [invitation] = (await owner.request('POST', '/rest/invitations', {
		body,
	})) as Invitation[];
	const url = invitation?.user.inviteAcceptUrl;
	const token = url === undefined ? null : new URL(url).searchParams.get('token');
	if (token === null) throw new Error(`n8n did not invite ${email}: ${invitation?.error ?? ''}`);
	const member = new N8nClient(owner.baseUrl);
	await member.request('POST', '/rest/invitations/accept', {
		body: { token, firstName: 'Test', lastName: 'Member', password: MEMBER_PASSWORD },
	});
	return member;
}
