import { join } from 'node:path';

import type { AllowedDifference } from '../../support/recordings/recording';
import { expectAsRecorded } from '../../support/recordings/recording';
import { codesInSource } from '../docs/support/errorCodes';

const allowedDifferences: AllowedDifference[] = [];

it('has every error code that workflows and people may ask for', () => {
	expectAsRecorded(join(__dirname, 'errorCodes.json'), [...codesInSource().keys()].sort(), {
		allowedDifferences,
		mayGrow: ['*'],
	});
});
