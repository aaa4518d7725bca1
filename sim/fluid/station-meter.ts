import type { BinnedMix } from '../model/latency-histogram.js';
import { type Meter, NO_TIMES } from '../report/meter.js';
import type { Quantiles } from '../report/result.js';
import type { Station } from './station.js';
import type { Workers } from './workers.js';

/** Times of the answers of one service, as they are now; a caller waits no longer than `atMost`. */
export interface Answered {
  readonly times: BinnedMix;
  readonly atMost: number;
}

/** What one workload's station tells; a worker's line is the queue's. A class, for it is read in every tick. */
export class StationMeter implements Meter {
  constructor(
    private readonly station: Station,
    private readonly workers: Workers | undefined,
    private readonly latest: () => Answered | undefined,
  ) {}

  get arrivals(): number {
    return this.station.sums.arrivals;
  }

  get served(): number {
    return this.station.sums.served;
  }

  get rejected(): number {
    return this.station.sums.dropped;
  }

  get queued(): number {
    return this.workers ? this.workers.line.messages : this.station.backlog;
  }

  get waitSeconds(): number {
    return this.workers ? this.workers.waitSeconds : this.station.wait.mean;
  }

  get utilisation(): number {
    return this.workers ? this.workers.utilisation : this.station.utilisation;
  }

  quantiles(): Quantiles {
    const answered = this.latest();
    if (!answered || this.station.servedPerSecond <= 0) return NO_TIMES;
    const at = (share: number) => Math.min(answered.atMost, answered.times.mix.quantile(share));
    return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
  }
}
