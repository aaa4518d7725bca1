import type { Sample } from './canary-metrics.js';
import type { Slot } from './release-cluster.js';
import type { WebhookAnswer } from './webhooks.js';

/** What stands in the two slots; `null` where nothing does. */
export interface Sides {
  readonly stable: Slot | null;
  readonly canary: Slot | null;
}

/** What was seen of a release at one look. */
export interface Sight extends Sides {
  /** `null` when nothing could be measured, `undefined` when no measurement is due. */
  readonly sample: Sample | null | undefined;
  /** What the webhooks say that it waits for; `undefined` when none was asked. */
  readonly webhooks: WebhookAnswer | undefined;
}
