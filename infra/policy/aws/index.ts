import { closedIngress } from './closed-ingress.js';
import { encryptedStorage } from './encrypted-storage.js';
import { narrowIam } from './narrow-iam.js';
import { privateStores } from './private-stores.js';
import { taggedResources } from './tagged-resources.js';

/** What resources of AWS are held to. */
export const awsPolicies = [privateStores, encryptedStorage, narrowIam, taggedResources, closedIngress];
