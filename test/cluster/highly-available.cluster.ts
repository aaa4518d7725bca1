/** The highly available forms of the stores, and long answers, on a real cluster: what is left of them when pods go. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { gateway, orchestrator, ports, rabbitmq, redis } from '../../contract/index.js';
import type { FakeProvider } from '../support/fake-provider.js';
import { eventually } from '../system/eventually.js';
import { handInWork } from './accepted-work.js';
import type { Client } from './client.js';
import { DeployedPlatform, isLeaving } from './deployed-platform.js';
import { HighlyAvailableClusterTest, STREAMING_PODS } from './highly-available-environment.js';
import { LongStream } from './long-stream.js';
import { serveModel } from './model-outside.js';
import { inSeconds, say, stopwatch } from './say.js';
import { underLoad } from './steady-load.js';

const STREAMS = 18;
/** One a second: an answer takes longer than pods need to be told to go, and no longer than they may take for it. */
const WORDS = 40;

const platform = new DeployedPlatform(HighlyAvailableClusterTest);
let client: Client;
let model: FakeProvider | undefined;

beforeAll(async () => {
  const seconds = await platform.deploy();
  say(`${(await platform.pods()).length} pods ready after ${inSeconds(seconds)}`);
  model = await serveModel(platform.namespace, WORDS);
  client = await platform.openToOutside();
});
afterAll(async () => {
  await platform.remove();
  await model?.stop();
});

it('long answers come to their end while most of the pods that they pass through are taken away, and no request fails', async () => {
  const streams = Array.from({ length: STREAMS }, (_, i) => new LongStream(client, `listener-${i}`));
  const untold = () => streams.filter(({ words, outcome }) => words === 0 && outcome === undefined);
  await eventually(async () => untold().map(() => 'an answer has not begun'));
  const names = [gateway.name, orchestrator.name];
  const leaving = async () => (await Promise.all(names.map((name) => platform.pods(name)))).flat().filter(isLeaving);
  const expected = names.length * (STREAMING_PODS - 1);
  let open = 0;
  const { answered, failures } = await underLoad(client, async () => {
    for (const name of names) await platform.scale(name, 1);
    await eventually(async () => ((await leaving()).length === expected ? [] : ['not all have been told to go']));
    open = streams.filter(({ outcome }) => outcome === undefined).length;
    await Promise.all(streams.map(({ ended }) => ended));
  });
  say(
    `${expected} pods went while ${open} answers were under way; ${answered} other requests, ${failures.length} failed`,
  );
  expect(open).toBe(STREAMS);
  expect(streams.map(({ outcome, words }) => `${outcome}, ${words} words`)).toEqual(
    streams.map(() => `whole, ${WORDS} words`),
  );
  expect(failures).toEqual([]);
});

it.each([
  { store: redis.name, victim: redisPrimary, after: async () => `${await redisPrimary()} is the primary` },
  { store: rabbitmq.name, victim: async () => `${rabbitmq.name}-0`, after: async () => 'all three serve' },
])(
  'a pod of $store that goes under load takes no accepted task and no conversation with it',
  async ({ victim, after }) => {
    const { accepted, refused, lost } = await handInWork(client, 6, async (more) => {
      await more(30);
      const pod = await victim();
      const since = stopwatch();
      await platform.kill(pod);
      await eventually(platform.missing, 600_000);
      say(`${pod} killed, all ready again after ${inSeconds(since())}`);
      await more(30);
    });
    say(`${accepted} tasks accepted, ${lost.length} lost, ${refused} refused; then ${await after()}`);
    expect(lost).toEqual([]);
  },
);

/** Which of the servers the others follow, by what a sentinel says. */
async function redisPrimary(): Promise<string> {
  const ask = `redis-cli -p ${ports.redisSentinel} sentinel get-master-addr-by-name ${redis.name}`;
  const script = `REDISCLI_AUTH="$(cat /run/armature/password)" ${ask}`;
  const [host = ''] = (await platform.exec(`${redis.name}-0`, redis.name, 'sh', '-c', script)).split('\n');
  return host.split('.')[0] ?? '';
}
