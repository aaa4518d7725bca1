import { Agent, request } from 'undici';

const agent = new Agent();
/** An answer from elsewhere is wanted. */
const MOVED: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * `fetch` as far as the providers' clients use it: they send a text, and take the answer whole or iterate over it. There are no web
 * streams beneath it, which take more processor time than the rest of the call. It goes nowhere else than it is sent: not every header
 * that holds a key is known for one, and a prompt is not for any host either.
 */
export const plainFetch: typeof fetch = async (input, init = {}) => {
  const url = String(input);
  const { statusCode, headers, body } = await request(url, {
    dispatcher: agent,
    method: (init.method ?? 'GET') as 'GET',
    // Who says nothing of encodings may be sent what is compressed.
    headers: { ...Object.fromEntries(new Headers(init.headers)), 'accept-encoding': 'identity' },
    body: (init.body as string | undefined) ?? null,
    signal: init.signal ?? null,
  }).catch((cause: Error) => {
    throw init.signal?.aborted ? cause : new TypeError('fetch failed', { cause });
  });
  // Who reads it is told by what is read; one that nobody reads must not end the process.
  body.on('error', () => undefined);
  if (MOVED.has(statusCode)) {
    await body.dump();
    const cause = new Error(`${url} has moved to ${headers.location}. Fix: the base URL, if that is the provider's.`);
    throw new TypeError('fetch failed', { cause });
  }
  return {
    ok: statusCode >= 200 && statusCode <= 299,
    status: statusCode,
    url,
    headers: new Headers(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    body,
    json: () => body.json(),
    text: () => body.text(),
  } as unknown as Response;
};
