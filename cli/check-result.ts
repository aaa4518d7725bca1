import type { Finding } from '../constructs/index.js';

/** What was found in how many objects. */
export interface CheckResult {
  readonly findings: readonly Finding[];
  readonly objects: number;
  readonly errors: number;
  readonly warnings: number;
}
