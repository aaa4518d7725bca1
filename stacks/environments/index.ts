import type { Construct } from 'constructs';
import type { PlatformStack } from '../platform-stack.js';
import { Dev } from './dev.js';
import { Local } from './local.js';
import { Production } from './production.js';
import { Staging } from './staging.js';

export { Dev, dev } from './dev.js';
export { Local, local } from './local.js';
export { Production, production } from './production.js';
export { Staging, staging } from './staging.js';

/** An environment that needs nothing but a place in the construct tree. */
export type EnvironmentClass = new (scope: Construct) => PlatformStack;

/** The environments that `armature synth` knows, smallest first. */
export const environments = {
  local: Local,
  dev: Dev,
  staging: Staging,
  production: Production,
} as const satisfies Record<string, EnvironmentClass>;
export type EnvironmentName = keyof typeof environments;
export const ENVIRONMENT_NAMES = Object.keys(environments) as EnvironmentName[];
