import { PolicyPack } from '@pulumi/policy';
import { policies } from './policies.js';

/** Pulumi asks the pack before each change: `pulumi up --policy-pack infra/policy`. */
new PolicyPack('armature', { policies: [...policies] });
