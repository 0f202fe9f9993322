import { account } from './account';
import { authorization } from './authorization';
import { customApiCall } from './customApiCall';
import { division } from './division';
import { me } from './me';
import type { Resource } from './operation';

/** All resources of the node, by name. Hand-written ones and ones made from the catalogue look alike. */
export const resources: readonly Resource[] = [account, authorization, division, me, customApiCall];
