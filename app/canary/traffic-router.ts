import type { Logger } from '../telemetry/logger.js';

/** Who divides a release's traffic between its stable and its canary pods. */
export interface TrafficRouter {
  /** Only reports what it would do. */
  readonly dryRun: boolean;
  /** @param percent of the traffic for the canary, 0 to 100. Setting it again changes nothing. */
  setWeight(release: string, percent: number): Promise<void>;
}

/** Reports the weights that it would set, and sets none. */
export function dryRouter(logger: Pick<Logger, 'info'>): TrafficRouter {
  return {
    dryRun: true,
    async setWeight(release, percent) {
      logger.info({ release, percent }, 'dry run: this share of traffic would go to the canary');
    },
  };
}
