import type { Tier } from '../../contract/index.js';

/** Who asks: always from a verified token, never from a request's body. */
export interface Identity {
  readonly user: string;
  /** Users of one tenant share documents; nothing is shared between tenants. */
  readonly tenant: string;
  readonly tier: Tier;
}
