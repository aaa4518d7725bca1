import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { quantityValue } from '../../constructs/index.js';
import type { RecordedSync } from '../../sim/scenarios/recorded-run.js';
import { endWithRun } from '../support/end-with-run.js';

interface MetricStatus {
  readonly resource?: { readonly current: { readonly averageUtilization?: number } };
  readonly external?: { readonly current: { readonly averageValue?: string } };
}

interface AutoscalerStatus {
  readonly currentReplicas?: number;
  readonly desiredReplicas?: number;
  readonly currentMetrics?: readonly MetricStatus[] | null;
}

/** Each sync of an autoscaler and of the Deployment of its name, as their statuses tell of it, while something is done. */
export async function syncsDuring(
  namespace: string,
  name: string,
  work: () => Promise<void>,
): Promise<readonly RecordedSync[]> {
  const recorded = new RecordedAutoscaler(namespace, name);
  try {
    await work();
  } finally {
    await recorded.stop();
  }
  return recorded.syncs;
}

class RecordedAutoscaler {
  readonly syncs: RecordedSync[] = [];
  readonly #watches: readonly { stop(): Promise<void> }[];
  readonly #startMs = performance.now();
  #ready = 0;

  constructor(namespace: string, name: string) {
    this.#watches = [
      watch(namespace, `deployment/${name}`, '{.status.readyReplicas}', (line) => {
        this.#ready = Number(line);
      }),
      watch(namespace, `hpa/${name}`, '{.status}', (line) => this.#record(JSON.parse(line || '{}'))),
    ];
  }

  async stop(): Promise<void> {
    await Promise.all(this.#watches.map((one) => one.stop()));
  }

  #record({ currentReplicas: replicas = 0, desiredReplicas: wanted = 0, currentMetrics }: AutoscalerStatus): void {
    // Before there is a pod it decides nothing.
    if (replicas === 0 || wanted === 0) return;
    const values = (currentMetrics ?? []).map(({ resource, external }) => {
      if (resource) return resource.current.averageUtilization ?? null;
      const average = quantityValue(external?.current.averageValue);
      return average === undefined ? null : Math.round(average * replicas);
    });
    const atSeconds = Math.round((performance.now() - this.#startMs) / 100) / 10;
    this.syncs.push({ atSeconds, values, replicas, ready: this.#ready, wanted });
  }
}

/** A line of what an object is now, and at each of its changes. */
function watch(namespace: string, object: string, path: string, told: (line: string) => void) {
  const output = `jsonpath=${path}{"\\n"}`;
  const child = spawn('kubectl', ['get', object, '-n', namespace, '--watch', '-o', output], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  endWithRun(child);
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  createInterface({ input: child.stdout }).on('line', told);
  return {
    stop: () => {
      child.kill();
      return closed;
    },
  };
}
