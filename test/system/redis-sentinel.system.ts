import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ports, redis as spec } from '../../contract/index.js';
import { at, find } from '../support/cluster.js';
import { releasedEnvironments } from './environments.js';
import { freePorts, Program } from './program.js';
import { tool } from './tools.js';

const environment = releasedEnvironments().find(({ name }) => name === 'production-in-cluster');
const script = String(
  at(find(environment?.objects ?? [], 'StatefulSet', spec.name), 'spec.template.spec.initContainers.0.command.2'),
);
const PASSWORD = String.raw`it's "a" pass\word`;
const folder = mkdtempSync(join(tmpdir(), 'armature-sentinel-'));
let serverPort = 0;
let sentinelPort = 0;

/** One pod: its start script as it was synthesised, on an address of loopback of its own, then its server and its sentinel. */
class Node {
  #programs: Program[] = [];
  readonly address: string;
  readonly home: string;

  constructor(readonly index: number) {
    this.address = `127.0.0.1${index}`;
    this.home = join(folder, String(index));
    for (const name of ['run', 'data', 'tmp']) mkdirSync(join(this.home, name), { recursive: true });
  }

  start(): void {
    const { status, stderr } = spawnSync('sh', ['-c', this.#here(script)], {
      encoding: 'utf8',
      env: { PATH: `${join(tool('redis-cli'), '..')}:${process.env.PATH}` },
    });
    if (status !== 0) throw new Error(`The start script of node ${this.index} failed: ${stderr}`);
    const [config, sentinelConfig] = [join(this.home, 'run/redis.conf'), join(this.home, 'data/sentinel.conf')];
    for (const file of [config, sentinelConfig]) appendFileSync(file, `\nbind ${this.address}\n`);
    this.#programs = [
      new Program('redis-server', [config], join(this.home, 'run')),
      new Program('redis-server', [sentinelConfig, '--sentinel'], join(this.home, 'tmp')),
    ];
  }

  /** As when its machine goes dark. */
  async kill(): Promise<void> {
    for (const program of this.#programs) await program.kill();
  }

  /** Waits for a condition while its server runs. */
  async until(condition: () => boolean): Promise<void> {
    await this.#programs[0]?.until(async () => condition(), 90_000);
  }

  ask(...args: readonly string[]): string {
    return ask(this.address, serverPort, args);
  }

  /** Address of the primary, as its sentinel knows it. */
  get primary(): string {
    return ask(this.address, sentinelPort, ['sentinel', 'get-master-addr-by-name', spec.name]).split('\n')[0] ?? '';
  }

  #here(text: string): string {
    const domain = `${spec.name}-nodes.${environment?.namespace}.svc.cluster.local`;
    return (
      text
        .replaceAll(`$POD_NAME.${domain}`, this.address)
        .replace(new RegExp(`${spec.name}-(\\d)\\.${domain}`, 'g'), '127.0.0.1$1')
        .replace(new RegExp(`\\b${ports.redisSentinel}\\b`, 'g'), String(sentinelPort))
        .replace(new RegExp(`\\b${spec.port}\\b`, 'g'), String(serverPort))
        // In one pass: these places are below /tmp themselves.
        .replace(/\/var\/run\/secrets\/armature|\/run\/armature|(?<![\w/])\/(?:data|tmp)\b/g, (place) => {
          if (place.endsWith('armature'))
            return join(...(place.includes('secrets') ? [folder, 'secrets'] : [this.home, 'run']));
          return join(this.home, place);
        })
    );
  }
}

function ask(host: string, port: number, args: readonly string[]): string {
  const { stdout } = spawnSync(tool('redis-cli'), ['-h', host, '-p', String(port), ...args], {
    encoding: 'utf8',
    env: { ...process.env, REDISCLI_AUTH: PASSWORD },
  });
  return stdout.trim();
}

let nodes: readonly Node[] = [];
const nodeAt = (address: string) => nodes.find((node) => node.address === address) as Node;

beforeAll(async () => {
  mkdirSync(join(folder, 'secrets/redis'), { recursive: true });
  writeFileSync(join(folder, 'secrets/redis/password'), PASSWORD);
  [serverPort = 0, sentinelPort = 0] = await freePorts(2);
  nodes = [0, 1, 2].map((index) => new Node(index));
  for (const node of nodes) node.start();
});
afterAll(async () => {
  for (const node of nodes) await node.kill();
  rmSync(folder, { recursive: true, force: true });
});

const [first, second, third] = [0, 1, 2].map((index) => () => nodes[index] as Node) as [
  () => Node,
  () => Node,
  () => Node,
];
let promoted: Node;

test('a cluster that never ran begins with its first node, and copies what is written there', async () => {
  await first().until(() => first().ask('SET', 'word', 'kept') === 'OK');
  for (const replica of [second(), third()]) await replica.until(() => replica.ask('GET', 'word') === 'kept');
  expect(nodes.map(({ primary }) => primary)).toEqual(nodes.map(() => first().address));
  expect(second().ask('SET', 'word', 'elsewhere')).toMatch(/READONLY/);
  // They agree on nothing before all three know each other, and of replicas that they do not know yet (they ask the primary every ten
  // seconds) they would tell nobody to follow another.
  for (const node of nodes) {
    await node.until(() => {
      const known = ask(node.address, sentinelPort, ['sentinel', 'master', spec.name]);
      return /num-other-sentinels\s2/.test(known) && /num-slaves\s2/.test(known);
    });
  }
});

test('another becomes the primary when it is gone, with all that was written, and takes writes', async () => {
  await first().kill();
  await second().until(() => second().primary !== first().address && second().primary === third().primary);
  promoted = nodeAt(second().primary);
  await promoted.until(() => promoted.ask('SET', 'since', 'new') === 'OK');
  expect(promoted.ask('GET', 'word')).toBe('kept');
});

test('the one that comes back follows it, although it was the primary', async () => {
  first().start();
  await first().until(() => first().ask('GET', 'since') === 'new');
  expect(first().ask('ROLE').split('\n').slice(0, 2)).toEqual(['slave', promoted.address]);
  expect(first().primary).toBe(promoted.address);
});

test('after an outage of all the last primary is the primary, and nothing is lost', async () => {
  for (const node of nodes) await node.kill();
  for (const node of nodes) node.start();
  await promoted.until(() => promoted.ask('SET', 'after', 'all') === 'OK');
  expect(promoted.ask('MGET', 'word', 'since')).toBe('kept\nnew');
  for (const node of nodes) await node.until(() => node.ask('GET', 'after') === 'all');
});
