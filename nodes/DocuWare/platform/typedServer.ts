type Step = [pattern: RegExp, replacement: string];

/** A name alone, without scheme, port or path, is that of an organization in the cloud. */
export const CLOUD_NAME: Step = [
	/^(?!localhost$)([a-z0-9](?:[a-z0-9-]*[a-z0-9])?)$/i,
	'$1.docuware.cloud',
];

/**
 * What takes the address of any DocuWare page, without its scheme, down to its Platform: the first
 * `/DocuWare/Platform`, else the last `/DocuWare`, in the spelling in which it was typed; where it names
 * neither, the path is the prefix of the installation. The same steps stand in expressions of credentials.
 */
export const PLATFORM_STEPS: readonly Step[] = [
	[/[?#][\s\S]*$/, ''],
	[/\\/g, '/'],
	[/(\/docuware\/platform)(?:\/[\s\S]*)?$/i, '$1'],
	[/(\/docuware)(?=\/|$)(?!\/platform$)(?![\s\S]*\/docuware(?:\/|$))[\s\S]*$/i, '$1/Platform'],
	[/\/+$/, ''],
	[/^(?![\s\S]*\/docuware\/platform$)([\s\S]*)$/i, '$1/DocuWare/Platform'],
];

/** What takes an address of the Identity Service, or of one of its pages, down to the service itself. */
export const IDENTITY_STEPS: readonly Step[] = [
	[/[?#][\s\S]*$/, ''],
	[/\/(?:\.well-known|connect)\/[\s\S]*$/i, ''],
	[/\/+$/, ''],
];
