import { Client } from 'undici';
import { ANSWER, WORDS } from './fake-upstream.js';

/** Where requests go, and with what. */
export interface Target {
  readonly origin: string;
  readonly path: string;
  /** Of the i-th request. */
  readonly headers: (i: number) => Readonly<Record<string, string>>;
  /** @default none: it is a GET */
  readonly body?: Readonly<Record<string, unknown>>;
  /** What each answer holds. @default the fake upstream's answer */
  readonly answer?: string;
}

export interface Load {
  readonly seconds: number;
  readonly latenciesMs: readonly number[];
}

/**
 * Sends requests over so many connections that are kept open, one at a time on each.
 * @throws at the first answer that is another
 */
export async function send(target: Target, connections: number, requests: number): Promise<Load> {
  const latenciesMs: number[] = [];
  let next = 0;
  const startedAt = performance.now();
  await overConnections(target, connections, async (client) => {
    while (next < requests) {
      const at = performance.now();
      const { statusCode, body } = await client.request(requestOf(target, next++, {}));
      const text = await body.text();
      if (statusCode !== 200 || !text.includes(target.answer ?? ANSWER))
        throw new Error(`${target.origin}: ${statusCode} ${text}`);
      latenciesMs.push(performance.now() - at);
    }
  });
  return { seconds: (performance.now() - startedAt) / 1000, latenciesMs };
}

/**
 * Opens so many streams at once, over connections that are there already, and reads each to its end.
 * @returns when the first word of each has come, in ms
 * @throws if a word is lost, doubled or out of order, or the stream does not end as OpenAI's do
 */
export async function sendStreams(target: Target, streams: number): Promise<readonly number[]> {
  const firstMs: number[] = [];
  let next = 0;
  let waiting = streams;
  let open = () => {};
  const allConnected = new Promise<void>((resolve) => {
    open = resolve;
  });
  await overConnections(target, streams, async (client) => {
    await (await client.request(requestOf(target, next++, {}))).body.dump();
    waiting -= 1;
    if (waiting === 0) open();
    await allConnected;
    const at = performance.now();
    const { body } = await client.request(requestOf(target, next++, { stream: true }));
    let text = '';
    for await (const part of body) {
      const early = !text.includes(WORDS[0] ?? '');
      text += part;
      if (early && text.includes(WORDS[0] ?? '')) firstMs.push(performance.now() - at);
    }
    const frames = text.split('\n\n').filter((frame) => frame.startsWith('data: {'));
    const said = frames.map((frame) => JSON.parse(frame.slice('data: '.length)).choices[0]?.delta?.content ?? '');
    if (said.join('') !== ANSWER || !text.includes('data: [DONE]'))
      throw new Error(`${target.origin} has lost frames:\n${text}`);
  });
  return firstMs;
}

/** The value that this share of the values is below. @param share 0 to 1 */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  if (value === undefined) throw new Error('The percentile of no values does not exist.');
  return value;
}

async function overConnections(
  { origin }: Target,
  connections: number,
  use: (client: Client) => Promise<void>,
): Promise<void> {
  // undici sets TCP_NODELAY by itself.
  const clients = Array.from({ length: connections }, () => new Client(origin));
  try {
    await Promise.all(clients.map(use));
  } finally {
    await Promise.all(clients.map((client) => client.destroy()));
  }
}

function requestOf({ path, headers, body }: Target, i: number, more: object) {
  if (body === undefined) return { method: 'GET' as const, path, headers: headers(i) };
  return {
    method: 'POST' as const,
    path,
    headers: { 'content-type': 'application/json', ...headers(i) },
    body: JSON.stringify({ ...body, ...more }),
  };
}
