import { Agent, request } from 'undici';

/** Times that an address which has moved is followed. */
const MAX_REDIRECTIONS = 3;

const agent = new Agent({ maxRedirections: MAX_REDIRECTIONS });

/**
 * `fetch` as far as the providers' clients use it: they send a text, and take the answer whole or iterate over it. There are no web
 * streams beneath it, which take more processor time than the rest of the call.
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
