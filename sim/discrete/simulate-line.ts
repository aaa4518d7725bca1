import { exponential, seededRandom } from '../model/random.js';
import { EventHeap } from './event-heap.js';
import { ServerLine } from './server-line.js';

export interface LineOptions {
  readonly servers: number;
  /** Arrivals per second of each class, the most urgent first. */
  readonly arrivalsPerSecond: readonly number[];
  service(random: () => number): number;
  readonly requests: number;
  readonly seed: number;
}

/** Of each class. */
export interface LineResult {
  readonly meanWaitSeconds: readonly number[];
  readonly events: number;
}

const ARRIVAL = 0;
const DONE = 1;

/** One line by itself, on the parts that the whole model is made of: what closed forms are compared with. */
export function simulateLine({ servers, arrivalsPerSecond, service, requests, seed }: LineOptions): LineResult {
  const random = seededRandom(seed);
  const classes = arrivalsPerSecond.length;
  const heap = new EventHeap();
  const line = new ServerLine(servers, classes);
  const waits = new Float64Array(classes);
  const counts = new Float64Array(classes);
  const came = new Float64Array(requests);
  const classOf = new Uint8Array(requests);
  const gap = (queue: number) => exponential(random, 1 / (arrivalsPerSecond[queue] as number));
  for (let queue = 0; queue < classes; queue++) heap.push(gap(queue), ARRIVAL, queue);
  let made = 0;
  let events = 0;
  // The first tenth fills the line.
  const begin = (item: number, now: number) => {
    if (item > requests / 10) {
      const queue = classOf[item] as number;
      waits[queue] = (waits[queue] as number) + now - (came[item] as number);
      counts[queue] = (counts[queue] as number) + 1;
    }
    heap.push(now + service(random), DONE);
  };
  while (made < requests && heap.pop()) {
    const now = heap.time;
    events++;
    if (heap.kind === ARRIVAL) {
      const queue = heap.item;
      const item = made++;
      came[item] = now;
      classOf[item] = queue;
      heap.push(now + gap(queue), ARRIVAL, queue);
      if (line.arrive(item, queue)) begin(item, now);
    } else {
      line.finish();
      const next = line.next();
      if (next >= 0) begin(next, now);
    }
  }
  return { meanWaitSeconds: Array.from(waits, (sum, queue) => sum / Math.max(1, counts[queue] as number)), events };
}
