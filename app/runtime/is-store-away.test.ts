import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { openQdrant } from '../adapters/qdrant/open-qdrant.js';
import { openRedis } from '../adapters/redis/open-redis.js';
import { isStoreAway } from './is-store-away.js';

/** A port of loopback that nobody listens on any more. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('a store that is away is known by the error of', () => {
  it('a socket', async () => {
    const socket = connect(await closedPort(), '127.0.0.1');
    expect(isStoreAway(await new Promise((resolve) => socket.once('error', resolve)))).toBe(true);
  });

  it('fetch, in its cause', async () => {
    expect(isStoreAway(await failureOf(fetch(`http://127.0.0.1:${await closedPort()}`)))).toBe(true);
  });

  it('a name with several addresses', async () => {
    const socket = connect({ port: await closedPort(), host: 'localhost', autoSelectFamily: true });
    expect(isStoreAway(await new Promise((resolve) => socket.once('error', resolve)))).toBe(true);
  });

  it('Redis, whose command has no answer in time', async () => {
    const redis = await openRedis({
      url: `redis://127.0.0.1:${await closedPort()}`,
      commandTimeoutMs: 20,
      inBackground: true,
      onError: () => undefined,
    });
    expect(isStoreAway(await failureOf(redis.get('a')))).toBe(true);
    redis.disconnect();
  });

  it('PostgreSQL that does not answer, from a pool', async () => {
    // It reads, or it would not see that the other side has gone, and keep the process from ending.
    const silent = createTcpServer((socket) => socket.resume()).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const { port } = silent.address() as AddressInfo;
    const pool = new pg.Pool({ host: '127.0.0.1', port, connectionTimeoutMillis: 20 });
    expect(isStoreAway(await failureOf(pool.query('select 1')))).toBe(true);
    await pool.end();
    await new Promise((resolve) => silent.close(resolve));
  });

  it.each([429, 503])('Qdrant that answers %d', async (status) => {
    const server = createServer((_request, response) => {
      response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '1' }).end('{}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(isStoreAway(await failureOf(openQdrant({ url, apiKey: '' }).getCollections()))).toBe(true);
    server.closeAllConnections();
    server.close();
  });

  it.each([
    ['is full', "OOM command not allowed when used memory > 'maxmemory'."],
    ['is a replica', "READONLY You can't write against a read only replica."],
    ['reads its data', 'LOADING Redis is loading the dataset in memory'],
    ['has lost its cluster', 'CLUSTERDOWN The cluster is down'],
  ])('Redis that %s, of one command or of those of a transaction', (_what, words) => {
    const error = new Error(words);
    expect(isStoreAway(error)).toBe(true);
    const transaction = new Error('EXECABORT Transaction discarded because of previous errors.');
    expect(isStoreAway(Object.assign(transaction, { previousErrors: [error] }))).toBe(true);
  });

  it.each([
    'Query read timeout',
    'Client was closed and is not queryable',
    'Client has encountered a connection error and is not queryable',
  ])('PostgreSQL in the words of its driver: %s', (words) => {
    expect(isStoreAway(new Error(words))).toBe(true);
  });

  it.each([
    ['ends', '57P01'],
    ['takes too long over a statement', '57014'],
    ['takes no more connections', '53300'],
    ['takes no writes', '25006'],
  ])('PostgreSQL that %s', (_what, code) => {
    expect(isStoreAway(Object.assign(new Error('as the server says'), { code }))).toBe(true);
  });
});

function ownCause(): Error {
  const error = new Error('in a circle');
  error.cause = new Error('once around', { cause: error });
  return error;
}

describe('a store is not away', () => {
  it.each([
    ['when it refuses what it was asked', Object.assign(new Error('duplicate key'), { code: '23505' })],
    ['when Redis refuses what it was asked', new Error('WRONGTYPE Operation against a key')],
    ['when another service has failed', Object.assign(new Error('no answer'), { status: 500 })],
    ['when the mistake is ours', new TypeError('x is not a function')],
    ['for something that is no error', 'ECONNREFUSED'],
    ['for an error that is its own cause', ownCause()],
    ['when what it lists is no list', Object.assign(new Error('invalid'), { errors: { name: 'is missing' } })],
  ])('%s', (_when, error) => {
    expect(isStoreAway(error)).toBe(false);
  });
});
