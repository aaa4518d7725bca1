import { Readable } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { Agent, type Dispatcher } from 'undici';
import { requestLimits } from '../../contract/index.js';
import { hasErrorCode } from '../runtime/error-code.js';

const agent = new Agent();
/** Leaves out the mark that some begin a text with, as `fetch` does: JSON does not know it. */
const utf8 = new TextDecoder();
const MOST_BYTES = requestLimits.providerAnswerBytes;
/** An answer from elsewhere is wanted. */
const MOVED: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** What a provider's client tells of the machine that it runs on. */
const OF_THE_CLIENT = 'x-stainless-';

/**
 * `fetch` as far as the providers' clients use it: they send a text, and take the answer whole or iterate over it. There are no web
 * streams beneath it, which take more processor time than the rest of the call, and JSON is taken whole before it is handed over, with
 * no stream of any kind; so is what comes compressed, though it was asked for as it is. It goes nowhere else than it is sent: not every header that holds a key is known for one, and a
 * prompt is not for any host either.
 */
export const plainFetch: typeof fetch = (input, init = {}) =>
  new Promise((resolve, reject) => {
    init.signal?.throwIfAborted();
    const { origin, pathname, search } = new URL(String(input));
    const headers = ['accept-encoding', 'identity']; // who says nothing of it may be sent what is compressed
    for (const [name, value] of entriesOf(init.headers)) {
      if (!name.startsWith(OF_THE_CLIENT) && name !== 'accept-encoding') headers.push(name, value);
    }
    const request = { origin, path: pathname + search, method: (init.method ?? 'GET') as 'GET', headers };
    const body = (init.body as string | undefined) ?? null;
    agent.dispatch({ ...request, body }, new Answering(String(input), init.signal ?? undefined, resolve, reject));
  });

/** By names in lower case, which those of a plain object are: `Headers` would read each letter by letter. */
function entriesOf(headers: RequestInit['headers']): Iterable<[string, string]> {
  return headers?.constructor === Object ? Object.entries(headers) : new Headers(headers);
}

/** By what `content-encoding` calls it. */
const UNPACKING: Readonly<Partial<Record<string, typeof gunzipSync>>> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
};

/** Takes an answer as undici hands it over. */
class Answering implements Dispatcher.DispatchHandlers {
  #status = 0;
  #headers: ReadonlyMap<string, string> = new Map();
  readonly #parts: Buffer[] = [];
  #bytes = 0;
  /** Who iterates over an answer keeps none of it. */
  #isTakenWhole = true;
  #stream: Readable | undefined;
  #abort = (_reason: Error) => {};
  readonly #giveUp = () => {
    this.reject(this.signal?.reason); // undici hands over what ends a call when it is connected, not before
    this.#abort(this.signal?.reason);
  };

  constructor(
    private readonly url: string,
    private readonly signal: AbortSignal | undefined,
    private readonly resolve: (response: Response) => void,
    private readonly reject: (error: unknown) => void,
  ) {
    signal?.addEventListener('abort', this.#giveUp);
  }

  onConnect(abort: (reason?: Error) => void): void {
    this.#abort = abort;
    if (this.signal?.aborted) abort(this.signal.reason);
  }

  onHeaders(status: number, raw: readonly Buffer[], resume: () => void): boolean {
    if (status < 200) return true; // announces one that is to come
    this.#status = status;
    this.#headers = headersOf(raw);
    const comesWhole = this.#headers.get('content-type')?.includes('json') || this.#unpack !== undefined;
    if (comesWhole || MOVED.has(status)) return true;
    this.#isTakenWhole = false;
    const stream = new Readable({
      read: resume,
      destroy: (error, done) => {
        if (!stream.readableEnded) this.#abort(error ?? new Error('Nobody reads the answer any more.'));
        done(error);
      },
    });
    // Who reads it is told by what is read; one that nobody reads must not end the process.
    stream.on('error', () => undefined);
    this.#stream = stream;
    this.#answer(
      () => {
        this.#isTakenWhole = true;
        return textOf(stream);
      },
      () => stream,
    );
    return true;
  }

  onData(part: Buffer): boolean {
    this.#bytes += part.length;
    if (this.#isTakenWhole && this.#bytes > MOST_BYTES) this.#abort(this.#tooLongError());
    else if (this.#stream !== undefined) return this.#stream.push(part);
    else this.#parts.push(part);
    return true;
  }

  onComplete(): void {
    this.#release();
    if (this.#stream !== undefined) this.#stream.push(null);
    else if (MOVED.has(this.#status)) this.#fail(this.#movedError());
    else this.#answerWhole(Buffer.concat(this.#parts));
  }

  onError(error: Error): void {
    this.#release();
    this.#stream?.destroy(error);
    this.#fail(error); // says nothing more once the answer has begun
  }

  #answerWhole(sent: Buffer): void {
    try {
      const whole = this.#unpack?.(sent, { maxOutputLength: MOST_BYTES }) ?? sent;
      this.#answer(
        async () => utf8.decode(whole),
        () => Readable.from([whole]),
      );
    } catch (error) {
      const isLong = hasErrorCode(error, 'ERR_BUFFER_TOO_LARGE');
      this.#fail(
        isLong ? this.#tooLongError() : new Error(`${this.url} sends what cannot be unpacked.`, { cause: error }),
      );
    }
  }

  /** @returns `undefined` for what comes as it is */
  get #unpack() {
    return UNPACKING[this.#headers.get('content-encoding') ?? ''];
  }

  #answer(text: () => Promise<string>, body: () => Readable): void {
    const ok = this.#status >= 200 && this.#status <= 299;
    this.resolve({
      ok,
      status: this.#status,
      url: this.url,
      // They are asked by name in lower case, for which a map will do; those of a failure are handed on.
      headers: ok ? this.#headers : new Headers([...this.#headers]),
      get body() {
        return body();
      },
      json: async () => JSON.parse(await text()),
      text,
    } as unknown as Response);
  }

  #movedError(): Error {
    return new Error(
      `${this.url} has moved to ${this.#headers.get('location')}. Fix: the base URL, if that is the provider's.`,
    );
  }

  #tooLongError(): Error {
    return new Error(
      `${this.url} answers with more than ${MOST_BYTES} bytes. Fix: the base URL, if that is no model; else ask for less at once.`,
    );
  }

  #fail(cause: Error): void {
    this.reject(new TypeError('fetch failed', { cause }));
  }

  #release(): void {
    this.signal?.removeEventListener('abort', this.#giveUp);
  }
}

/** Byte by byte, as HTTP has them: read as UTF-8, one that is none would be refused by `Headers`, and with it all that a failure tells. */
function headersOf(raw: readonly Buffer[]): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (let i = 0; i < raw.length; i += 2) {
    const [name = '', value = ''] = [raw[i]?.toString('latin1').toLowerCase(), raw[i + 1]?.toString('latin1')];
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return headers;
}
