'use strict';

// Kept DocuWare sessions have a login token made in the background; tests that count requests do without it.
process.env.N8N_EXACTONLINE_DOCUWARE_START_TOKEN ??= 'off';
