/** The DWProductTypes of docs/facts/docuware.md 4.4. */
export const productTypes: ReadonlySet<string> = new Set(
	(
		'DocuWareClient DocuWareClientLic4 ReadAndApproveClient DocuWareSite CONNECTToRicoh CONNECTToToshiba ' +
		'CONNECTToXerox CONNECTToSharp CONNECTToMOSS SmartConnect WebClient ROWebClient TaskList EmailAlert ' +
		'CONNECTToOutlook Mobile CONNECTToMail DocuWareServer PlatformService WorkflowManager Import DWRequest ' +
		'CONNECTToOKI CONNECTToRicohOnline BarcodeAndForms WindowsExplorerClient Administration Unknown Forms ' +
		'PublicForms AutoIndex DesktopApps DocumentExtractionTool Export UserProvisioning IntelligentInsights ' +
		'EInvoicingService EInvoicingConnector IntelligentDocumentProcessing IntegrationPlatform ' +
		'SettingsServer JobServer'
	).split(' '),
);
