import { lookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, type Dispatcher, request } from 'undici';
import { toolLimits } from '../../../contract/index.js';
import type { FetchPage } from '../../agent-tools/web-fetch.js';
import { loadDocument } from '../../documents/load-document.js';
import { cutText } from '../../llm/cut-text.js';
import { isPublicAddress } from './public-address.js';

/** A page may not be read, or cannot. */
export class PageError extends Error {
  override readonly name = 'PageError';
}

interface Address {
  readonly address: string;
  readonly family: number;
}

export interface FetchPageProps {
  /** As `host`, or `host:port` where the port is not the scheme's own. */
  readonly allowedHosts: readonly string[];
  /** Every address of a host name. @default the system's resolver */
  readonly resolve?: (hostname: string) => Promise<readonly Address[]>;
  /** Whether an address may be connected to. @default public ones */
  readonly permits?: (address: string) => boolean;
  /** @default `https:` alone */
  readonly protocols?: readonly string[];
  /** @default the contract's toolLimits.fetch */
  readonly limits?: Readonly<Record<'timeoutMs' | 'bytes' | 'redirects', number>>;
}

/**
 * Reads pages of allowed hosts. The name is resolved once for each connection, every address that it has must be permitted, and one of
 * those is connected to: a name that changes its mind in between (DNS rebinding) is not asked again. A redirect is held to the same.
 */
export function makeFetchPage(props: FetchPageProps): FetchPage {
  const limits = props.limits ?? toolLimits.fetch;
  return async (url, signal) => {
    const time = AbortSignal.timeout(limits.timeoutMs);
    const agent = new Agent({ connect: { lookup: checkedLookup(props) } });
    try {
      return await read(new URL(url), agent, props, AbortSignal.any([signal, time]));
    } catch (error) {
      if (time.aborted) throw new PageError(`${url} did not answer within ${limits.timeoutMs / 1000} s.`);
      throw error;
    } finally {
      await agent.destroy();
    }
  };
}

async function read(first: URL, dispatcher: Agent, props: FetchPageProps, signal: AbortSignal): Promise<string> {
  const { redirects, bytes } = props.limits ?? toolLimits.fetch;
  let url = first;
  for (let hop = 0; hop <= redirects; hop++) {
    mayBeAsked(url, props);
    const response = await request(url, {
      dispatcher,
      signal,
      headers: {
        accept: 'text/*, application/json;q=0.9',
        'accept-encoding': 'identity',
        'user-agent': 'armature-agent',
      },
    });
    const { statusCode: status, headers, body } = response;
    const location = String(headers.location ?? '');
    if (status >= 300 && status < 400 && location !== '') {
      abandon(body);
      url = new URL(location, url);
      continue;
    }
    if (status >= 400) {
      abandon(body);
      throw new PageError(`${url} answered ${status}.`);
    }
    return cutText(await textOf(url, response, bytes), toolLimits.outputCharacters);
  }
  throw new PageError(`${first} redirects more than ${redirects} times.`);
}

/** @throws {PageError} when the address is not one that the operator has allowed */
function mayBeAsked({ protocol, host, hostname, username, password, href }: URL, props: FetchPageProps): void {
  const { allowedHosts, protocols = ['https:'], permits = isPublicAddress } = props;
  if (!protocols.includes(protocol)) {
    throw new PageError(`${href} is not read: it must begin with ${protocols.map((one) => `${one}//`).join(' or ')}.`);
  }
  if (username !== '' || password !== '')
    throw new PageError(`${hostname} is not read: its address carries a password.`);
  if (!allowedHosts.some((allowed) => allowed.toLowerCase() === host)) {
    throw new PageError(`${host} is not read: allowed are ${allowedHosts.join(', ')}.`);
  }
  // An address instead of a name is connected to without a look-up.
  const literal = hostname.replace(/^\[|\]$/g, '');
  if (isIP(literal) !== 0 && !permits(literal)) throw notPublic(host, literal);
}

function checkedLookup({ resolve = systemResolve, permits = isPublicAddress }: FetchPageProps): LookupFunction {
  return (hostname, options, done) => {
    const answer = async () => {
      const found = await resolve(hostname);
      const [first] = found;
      if (first === undefined) throw new PageError(`${hostname} has no address.`);
      for (const { address } of found) if (!permits(address)) throw notPublic(hostname, address);
      return { found, first };
    };
    answer().then(
      ({ found, first }) => (options.all ? done(null, [...found]) : done(null, first.address, first.family)),
      (error: Error) => done(error, '', 0),
    );
  };
}

function systemResolve(hostname: string): Promise<readonly Address[]> {
  return lookup(hostname, { all: true });
}

function notPublic(host: string, address: string): PageError {
  return new PageError(`${host} is not read: its address ${address} is not a public one.`);
}

async function textOf(url: URL, { headers, body }: Dispatcher.ResponseData, limitBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    const type = String(headers['content-type'] ?? '');
    if (!isText(type)) throw new PageError(`${url} is ${type || 'of no stated type'}, not text.`);
    const encoding = String(headers['content-encoding'] ?? 'identity');
    if (encoding !== 'identity')
      throw new PageError(`${url} is compressed (${encoding}), though it was asked not to be.`);
    for await (const chunk of body) {
      size += chunk.length;
      if (size > limitBytes) throw new PageError(`${url} is over the limit of ${limitBytes} bytes.`);
      chunks.push(chunk);
    }
    const mediaType = /^text\/html\b/i.test(type) ? 'text/html' : 'text/plain';
    // Not by its address, whose ending would be taken for a file's: news.md is a host too.
    return (await loadDocument({ name: 'The page', mediaType, bytes: Buffer.concat(chunks) })).text;
  } finally {
    abandon(body);
  }
}

/** Reads no more of it. That it was abandoned is an error that nobody waits for. */
function abandon(body: Dispatcher.ResponseData['body']): void {
  body.on('error', () => undefined).destroy();
}

function isText(contentType: string): boolean {
  return /^(text\/|application\/([\w.+-]*\+)?(json|xml)\b)/i.test(contentType);
}
