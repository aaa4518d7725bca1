import { Writable } from 'node:stream';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { ManualTime } from '../../test/support/manual-time.js';
import { until } from '../../test/support/until.js';
import { StoreConnections } from './store-connections.js';

describe('the stores of a process', () => {
  let time: ManualTime;
  let lines: { msg: string; store: string; nextTryInMs?: number }[];
  let stopping: AbortController;
  let stores: StoreConnections;

  beforeEach(() => {
    time = new ManualTime();
    lines = [];
    stopping = new AbortController();
    const log = new Writable({
      write: (chunk, _encoding, done) => {
        lines.push(JSON.parse(String(chunk)));
        done();
      },
    });
    stores = new StoreConnections({ logger: pino(log), timers: time, stopping: stopping.signal });
  });

  const life = { check: async () => {}, close: async () => {} };

  it('are waited for, with longer and longer pauses, and it is told which one and why', async () => {
    let attempts = 0;
    const connect = async () => {
      attempts += 1;
      if (attempts < 9) throw new Error('connection refused');
      return 'the store';
    };
    const opened = stores.open('PostgreSQL', connect, () => life);
    expect(stores.awaited.map(({ name }) => name)).toEqual(['PostgreSQL']);
    await expect(stores.awaited[0]?.check()).rejects.toThrow();
    for (let tried = 1; tried < 9; tried += 1) {
      await until('it pauses', () => lines.length === tried && time.pending === 1);
      time.advance(lines.at(-1)?.nextTryInMs ?? 0);
    }
    expect(await opened).toBe('the store');
    expect(lines[0]).toMatchObject({ store: 'PostgreSQL', msg: 'waiting for PostgreSQL: connection refused' });
    expect(lines.slice(0, -1).map(({ nextTryInMs }) => nextTryInMs)).toEqual([
      200, 400, 800, 1600, 3200, 5000, 5000, 5000,
    ]);
    expect(lines.at(-1)?.msg).toBe('PostgreSQL is there');
    expect(stores.awaited).toEqual([]);
  });

  it('are not waited for any longer when the process is to end', async () => {
    const never = stores.open(
      'Redis',
      () => new Promise(() => {}),
      () => life,
    );
    const refusing = stores.open(
      'RabbitMQ',
      () => Promise.reject(new Error('refused')),
      () => life,
    );
    await until('it pauses', () => time.pending === 1);
    stopping.abort(new Error('told to end'));
    await expect(never).rejects.toThrow('told to end');
    await expect(refusing).rejects.toThrow('told to end');
  });

  it('are not waited for by a process that was told to end before it looked for them', async () => {
    const ending = AbortSignal.abort(new Error('told to end'));
    const late = new StoreConnections({ logger: pino({ enabled: false }), timers: time, stopping: ending });
    const never = late.open(
      'Redis',
      () => new Promise(() => {}),
      () => life,
    );
    await expect(never).rejects.toThrow('told to end');
  });

  it('are asked by name, but for those that the process serves without', async () => {
    const away = () => Promise.reject(new Error('away'));
    await stores.open(
      'Redis',
      async () => 1,
      () => ({ close: life.close }),
    );
    await stores.open(
      'PostgreSQL',
      async () => 2,
      () => ({ ...life, check: away }),
    );
    await stores.open(
      'Qdrant',
      async () => 3,
      () => life,
    );
    expect(stores.checks.map(({ name }) => name)).toEqual(['PostgreSQL', 'Qdrant']);
    const states = await Promise.allSettled(stores.checks.map(({ check }) => check()));
    expect(states.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  });

  it('are closed last first, once, and all of them', async () => {
    const closed: string[] = [];
    for (const name of ['a', 'b', 'c']) {
      const close = async () => {
        closed.push(name);
        if (name === 'b') throw new Error('broken');
      };
      await stores.open(
        name,
        async () => name,
        () => ({ ...life, close }),
      );
    }
    await stores.close();
    await stores.close();
    expect(closed).toEqual(['c', 'b', 'a']);
    expect(lines.at(-1)).toMatchObject({ store: 'b', msg: 'not closed in order' });
  });
});
