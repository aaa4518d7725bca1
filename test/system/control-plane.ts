import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Manifest } from '../support/cluster.js';
import { tool } from './tools.js';

/** What the API server answered. */
export interface Answer {
  readonly status: number;
  /** Its `Warning` headers: deprecated fields, violations of Pod Security. */
  readonly warnings: readonly string[];
  readonly body: Manifest & { readonly message?: string };
}

/** etcd and a kube-apiserver on loopback, in a temporary folder. Nothing runs in it: there is no controller, no node. */
export class ControlPlane {
  readonly #processes: readonly ChildProcess[];
  readonly #folder: string;
  readonly #port: number;
  readonly #token: string;
  readonly #agent: Agent;
  /** Paths of the resources by apiVersion and kind, as discovery gives them. */
  readonly #resources = new Map<string, { readonly path: string; readonly namespaced: boolean }>();

  private constructor(processes: readonly ChildProcess[], folder: string, port: number, token: string) {
    this.#processes = processes;
    this.#folder = folder;
    this.#port = port;
    this.#token = token;
    this.#agent = new Agent({ keepAlive: true, ca: readFileSync(join(folder, 'pki', 'apiserver.crt')) });
  }

  /** @throws with the end of the log when the API server is not ready within two minutes */
  static async start(): Promise<ControlPlane> {
    const folder = mkdtempSync(join(tmpdir(), 'armature-control-plane-'));
    const [client = 0, peer = 0, secure = 0] = await freePorts(3);
    const token = randomBytes(16).toString('hex');
    writeFileSync(join(folder, 'tokens.csv'), `${token},admin,admin,system:masters\n`);
    const key = join(folder, 'service-accounts.key');
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    writeFileSync(key, privateKey.export({ type: 'pkcs8', format: 'pem' }));

    const etcd = background(folder, 'etcd', [
      ...['--data-dir', join(folder, 'etcd')],
      ...[
        '--listen-client-urls',
        `http://127.0.0.1:${client}`,
        '--advertise-client-urls',
        `http://127.0.0.1:${client}`,
      ],
      ...[
        '--listen-peer-urls',
        `http://127.0.0.1:${peer}`,
        '--initial-advertise-peer-urls',
        `http://127.0.0.1:${peer}`,
      ],
      ...['--initial-cluster', `default=http://127.0.0.1:${peer}`],
    ]);
    const server = background(folder, 'kube-apiserver', [
      ...['--etcd-servers', `http://127.0.0.1:${client}`],
      ...['--bind-address', '127.0.0.1', '--secure-port', String(secure)],
      ...['--cert-dir', join(folder, 'pki')],
      ...['--token-auth-file', join(folder, 'tokens.csv')],
      ...['--authorization-mode', 'RBAC'],
      ...['--service-account-issuer', 'https://kubernetes.default.svc'],
      ...['--service-account-key-file', key, '--service-account-signing-key-file', key],
      ...['--service-cluster-ip-range', '10.96.0.0/16'],
      // etcd 3.4, Debian's, cannot stream lists.
      '--feature-gates=WatchList=false',
    ]);
    const processes = [etcd, server];
    try {
      for (const end = Date.now() + 120_000; ; ) {
        const gone = processes.find((one) => one.exitCode !== null);
        if (gone) throw new Error(`${gone.spawnfile} ended with ${gone.exitCode}`);
        const ready = await ControlPlane.#connect(processes, folder, secure, token);
        if (ready) return ready;
        if (Date.now() > end) throw new Error('The API server was not ready after two minutes.');
        await wait(200);
      }
    } catch (error) {
      const log = readFileSync(join(folder, 'kube-apiserver.log'), 'utf8').slice(-2_000);
      for (const one of processes) one.kill('SIGKILL');
      rmSync(folder, { recursive: true });
      throw new Error(`${(error as Error).message}\n${log}`);
    }
  }

  static async #connect(processes: readonly ChildProcess[], folder: string, port: number, token: string) {
    try {
      const plane = new ControlPlane(processes, folder, port, token);
      const { status } = await plane.send('GET', '/readyz');
      return status === 200 ? plane : undefined;
    } catch {
      return undefined;
    }
  }

  async stop(): Promise<void> {
    this.#agent.destroy();
    for (const one of this.#processes.toReversed()) {
      if (one.exitCode !== null) continue;
      one.kill('SIGTERM');
      await Promise.race([once(one, 'exit'), wait(10_000).then(() => one.kill('SIGKILL'))]);
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** One call, its body as JSON. */
  async send(method: string, path: string, body?: unknown, type = 'application/json'): Promise<Answer> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const outgoing = request(
        {
          host: '127.0.0.1',
          port: this.#port,
          method,
          path,
          agent: this.#agent,
          headers: {
            Authorization: `Bearer ${this.#token}`,
            ...(text !== undefined && { 'Content-Type': type, 'Content-Length': Buffer.byteLength(text) }),
          },
        },
        (incoming) => {
          let received = '';
          incoming.setEncoding('utf8');
          incoming.on('data', (chunk: string) => {
            received += chunk;
          });
          incoming.on('end', () => {
            const isJson = incoming.headers['content-type']?.startsWith('application/json') ?? false;
            resolve({
              status: incoming.statusCode ?? 0,
              warnings: incoming.rawHeaders.filter(
                (_, i, all) => i % 2 === 1 && all[i - 1]?.toLowerCase() === 'warning',
              ),
              body: isJson ? JSON.parse(received) : { message: received },
            });
          });
        },
      );
      outgoing.on('error', reject);
      outgoing.end(text);
    });
  }

  /** Server-side apply, unknown and repeated fields refused. */
  async apply(object: Manifest): Promise<Answer> {
    const path = `${await this.#collection(object)}/${object.metadata.name}`;
    const options = 'fieldManager=armature&fieldValidation=Strict&force=true';
    return this.send('PATCH', `${path}?${options}`, object, 'application/apply-patch+yaml');
  }

  async get(object: Manifest): Promise<Answer> {
    return this.send('GET', `${await this.#collection(object)}/${object.metadata.name}`);
  }

  /** Applies definitions of custom resources and waits until the server serves them. */
  async define(definitions: readonly Manifest[]): Promise<void> {
    for (const definition of definitions) {
      const { status, body } = await this.apply(definition);
      if (status >= 300) throw new Error(`${definition.metadata.name}: ${body.message}`);
    }
    for (const { metadata } of definitions) {
      const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${metadata.name}`;
      for (const end = Date.now() + 60_000; ; await wait(100)) {
        const { body } = await this.send('GET', path);
        const { conditions = [] } = (body.status ?? {}) as { conditions?: { type: string; status: string }[] };
        if (conditions.some(({ type, status }) => type === 'Established' && status === 'True')) break;
        if (Date.now() > end) throw new Error(`${metadata.name} was not served after a minute.`);
      }
    }
  }

  async #collection({ apiVersion, kind, metadata }: Manifest): Promise<string> {
    const key = `${apiVersion} ${kind}`;
    if (!this.#resources.has(key)) await this.#discover(apiVersion);
    const resource = this.#resources.get(key);
    if (!resource) throw new Error(`The server knows no ${kind} of ${apiVersion}.`);
    const { path, namespaced } = resource;
    return namespaced ? path.replace('{namespace}', metadata.namespace ?? 'default') : path;
  }

  async #discover(apiVersion: string): Promise<void> {
    const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const { body } = await this.send('GET', root);
    const { resources = [] } = body as unknown as { resources?: { name: string; kind: string; namespaced: boolean }[] };
    for (const { name, kind, namespaced } of resources.filter((one) => !one.name.includes('/'))) {
      const path = namespaced ? `${root}/namespaces/{namespace}/${name}` : `${root}/${name}`;
      this.#resources.set(`${apiVersion} ${kind}`, { path, namespaced });
    }
  }
}

/** Starts a program; its output goes to a file of its name. */
function background(folder: string, name: string, args: readonly string[]): ChildProcess {
  const child = spawn(tool(name), args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const log = createWriteStream(join(folder, `${name}.log`));
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  // A test run that is stopped leaves nothing behind.
  process.once('exit', () => child.kill('SIGKILL'));
  return child;
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return ports;
}
