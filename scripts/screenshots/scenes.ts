import { docuWareScenes } from './docuWareScenes';
import { exactOnlineScenes } from './exactOnlineScenes';
import type { Scene } from './stage';

/** All pictures of the guides. */
export const SCENES: readonly Scene[] = [...exactOnlineScenes, ...docuWareScenes];
