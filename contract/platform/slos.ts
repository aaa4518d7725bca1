import { availability, latency, type Slo, slo } from '../vocabulary/index.js';
import { httpRequestDuration, httpRequests } from './metrics.js';
import { chat, gateway } from './services.js';

const month = { windowDays: 30 } as const;

/** What the platform's users are promised, measured where they meet it. */
export const slos: readonly Slo[] = [
  slo({
    ...month,
    name: 'gateway-availability',
    of: gateway,
    indicator: availability(httpRequests, { status: '~5..' }),
    objective: 0.999,
  }),
  // An answer, or the task to ask for: the gateway waits 25 s for the one before it says the other.
  slo({
    ...month,
    name: 'gateway-latency',
    of: gateway,
    indicator: latency(httpRequestDuration, 30),
    objective: 0.99,
  }),
  // Accepting a message is quick, however long the answer takes.
  slo({ ...month, name: 'chat-latency', of: chat, indicator: latency(httpRequestDuration, 1), objective: 0.99 }),
];
