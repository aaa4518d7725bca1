import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { toolLimits } from '../../../contract/index.js';
import { type FetchPageProps, makeFetchPage } from './fetch-page.js';

/** Names of these tests live on loopback, which is no public address: the one address of each test is permitted by name. */
const LOOPBACK = '127.0.0.1';
const limits = { ...toolLimits.fetch, bytes: 1_000 };

describe('reading a page', () => {
  const open: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of open.splice(0)) await close();
  });

  /** A real server; `host` is a name of its own for it. */
  async function serve(answer: RequestListener, address = LOOPBACK) {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(`${request.headers.host}${request.url}`);
      answer(request, response);
    });
    server.listen(0, address);
    await once(server, 'listening');
    open.push(() => {
      server.closeAllConnections();
      return new Promise((done) => server.close(done));
    });
    const { port } = server.address() as AddressInfo;
    return { host: `pages.test:${port}`, port, asked };
  }
  const text: RequestListener = (_, response) =>
    response.setHeader('content-type', 'text/plain').end('The sea is calm.');

  function fetcher(allowedHosts: readonly string[], props: Partial<FetchPageProps> = {}) {
    const fetchPage = makeFetchPage({
      allowedHosts,
      protocols: ['http:'],
      resolve: async () => [{ address: LOOPBACK, family: 4 }],
      permits: (address) => address === LOOPBACK,
      limits,
      ...props,
    });
    return (url: string, signal = new AbortController().signal) => fetchPage(url, signal);
  }

  it('gives its text, of HTML what one would read', async () => {
    const { host } = await serve((_, response) =>
      response
        .setHeader('content-type', 'text/html; charset=utf-8')
        .end('<script>x()</script><p>The <b>sea</b> is calm.'),
    );
    expect(await fetcher([host])(`http://${host}/weather`)).toBe('The sea is calm.');
  });

  it('asks no host that is not allowed, not even below one that is, nor at another port', async () => {
    const { host, port, asked } = await serve(text);
    const read = fetcher([host]);
    for (const other of [
      `evil.test:${port}`,
      `sub.${host}`,
      'pages.test',
      `pages.test.evil.test:${port}`,
      `${LOOPBACK}:${port}`,
    ]) {
      await expect(read(`http://${other}/`)).rejects.toThrow(`is not read: allowed are ${host}`);
    }
    await expect(read(`http://${host}@evil.test/`)).rejects.toThrow('carries a password');
    expect(asked).toEqual([]);
  });

  it('reads over TLS alone where it is not told otherwise', async () => {
    const { host, asked } = await serve(text);
    await expect(
      makeFetchPage({ allowedHosts: [host] })(`http://${host}/`, new AbortController().signal),
    ).rejects.toThrow('must begin with https://');
    await expect(fetcher([host])('file:///etc/passwd')).rejects.toThrow('must begin with http://');
    expect(asked).toEqual([]);
  });

  it('connects to no allowed host whose address is not public', async () => {
    const { host, port, asked } = await serve(text);
    const own = [host, `${LOOPBACK}:${port}`, `[::ffff:7f00:1]:${port}`];
    for (const address of [LOOPBACK, '169.254.169.254', '100.64.0.1', '::ffff:127.0.0.1']) {
      const resolve = async () => [{ address, family: address.includes(':') ? 6 : 4 }];
      const read = makeFetchPage({ allowedHosts: own, protocols: ['http:'], resolve });
      await expect(read(`http://${host}/`, new AbortController().signal)).rejects.toThrow(
        `its address ${address} is not a public one`,
      );
    }
    // 0x7f.1 and 2130706433 are 127.0.0.1 in other words.
    for (const literal of [LOOPBACK, '0x7f.1', '2130706433', '[::ffff:127.0.0.1]']) {
      const read = makeFetchPage({ allowedHosts: own, protocols: ['http:'] });
      await expect(read(`http://${literal}:${port}/`, new AbortController().signal)).rejects.toThrow(
        'is not a public one',
      );
    }
    expect(asked).toEqual([]);
  });

  it('trusts no name with one private address among its public ones', async () => {
    const { host, asked } = await serve(text);
    const resolve = async () => ['127.0.0.1', '10.0.0.7'].map((address) => ({ address, family: 4 }));
    await expect(fetcher([host], { resolve })(`http://${host}/`)).rejects.toThrow('its address 10.0.0.7');
    expect(asked).toEqual([]);
  });

  it('connects to the address that it has checked: a name that changes its mind is not asked again', async () => {
    const checked = await serve(text);
    let answers = 0;
    const resolve = async () => [{ address: answers++ === 0 ? LOOPBACK : '127.0.0.2', family: 4 }];
    expect(await fetcher([checked.host], { resolve })(`http://${checked.host}/`)).toBe('The sea is calm.');
    expect(answers).toBe(1);
    // Another page is another look-up, and by then the name means something else.
    await expect(fetcher([checked.host], { resolve })(`http://${checked.host}/`)).rejects.toThrow(
      'its address 127.0.0.2',
    );
    expect(checked.asked).toHaveLength(1);
  });

  it('holds a redirect to the same rules', async () => {
    const target = await serve(text);
    let location = '';
    const { host, asked } = await serve((_, response) => response.writeHead(302, { location }).end());
    const read = fetcher([host, target.host]);
    location = `http://${target.host}/there`;
    expect(await read(`http://${host}/`)).toBe('The sea is calm.');
    for (const [to, message] of [
      [`http://${LOOPBACK}:${target.port}/`, 'is not read: allowed are'],
      ['https://pages.test/', 'must begin with http://'],
      ['http://169.254.169.254/latest/meta-data/', 'is not read: allowed are'],
      ['/again', `redirects more than ${limits.redirects} times`],
    ] as const) {
      location = to;
      await expect(read(`http://${host}/`)).rejects.toThrow(message);
    }
    expect(target.asked).toEqual([`${target.host}/there`]);
    expect(asked.length).toBeGreaterThan(limits.redirects);
  });

  it('checks the address of a redirect too, though its host is allowed', async () => {
    const target = await serve(text);
    const { host } = await serve((_, response) =>
      response.writeHead(302, { location: `http://inside.test:${target.port}/` }).end(),
    );
    const resolve = async (name: string) => [{ address: name === 'inside.test' ? '10.0.0.7' : LOOPBACK, family: 4 }];
    const read = fetcher([host, `inside.test:${target.port}`], { resolve });
    await expect(read(`http://${host}/`)).rejects.toThrow('inside.test is not read: its address 10.0.0.7');
    expect(target.asked).toEqual([]);
  });

  it('takes text only, and no more of it than the limit', async () => {
    let type = 'image/png';
    let body = 'x';
    let headers: Record<string, string> = {};
    const { host } = await serve((_, response) =>
      response.writeHead(200, { 'content-type': type, ...headers }).end(body),
    );
    const read = fetcher([host]);
    await expect(read(`http://${host}/`)).rejects.toThrow('is image/png, not text');
    type = 'application/json';
    body = '{"sea":"calm"}';
    expect(await read(`http://${host}/`)).toBe(body);
    headers = { 'content-encoding': 'gzip' };
    await expect(read(`http://${host}/`)).rejects.toThrow('is compressed (gzip)');
    headers = {};
    body = 'x'.repeat(limits.bytes + 1);
    await expect(read(`http://${host}/`)).rejects.toThrow(`over the limit of ${limits.bytes} bytes`);
  });

  it('stops a page without end at the limit', async () => {
    const { host } = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(1_000)));
        response.once('drain', more);
      };
      more();
    });
    await expect(fetcher([host])(`http://${host}/`)).rejects.toThrow('over the limit');
  });

  it('gives up on a server that is silent, before its answer and in the midst of it, and when the run is over', async () => {
    const quick = { ...limits, timeoutMs: 50 };
    const silent = await serve(() => undefined);
    await expect(fetcher([silent.host], { limits: quick })(`http://${silent.host}/`)).rejects.toThrow(
      'did not answer within 0.05 s',
    );
    const stuck = await serve(
      (_, response) => void response.writeHead(200, { 'content-type': 'text/plain' }).write('The sea'),
    );
    await expect(fetcher([stuck.host], { limits: quick })(`http://${stuck.host}/`)).rejects.toThrow(
      'did not answer within',
    );
    const run = new AbortController();
    const reading = fetcher([silent.host])(`http://${silent.host}/`, run.signal);
    run.abort(new Error('the run is over'));
    await expect(reading).rejects.toThrow('the run is over');
  });

  it('tells what the server answered when it is no page', async () => {
    const { host } = await serve((_, response) => response.writeHead(404).end('none'));
    await expect(fetcher([host])(`http://${host}/gone`)).rejects.toThrow('/gone answered 404');
  });
});
