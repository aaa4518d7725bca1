import { createHmac, generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { at, type Manifest } from '../support/cluster.js';
import { type Answer, ApiClient, type Change } from './api-client.js';
import { freePorts, Program } from './program.js';

/** Files in the folder of a control plane. */
export const SERVICE_ACCOUNT_KEY = 'service-accounts.key';
export const SERVER_CERTIFICATE = 'pki/apiserver.crt';

/** Who may call: the administrator of the tests, and the parts of a control plane, as Kubernetes names them. */
export const USERS = ['admin', 'system:kube-controller-manager', 'system:kube-scheduler'] as const;
export type User = (typeof USERS)[number];

/** etcd and a kube-apiserver on loopback, in a temporary folder. Nothing runs in it: there is no controller, no node. */
export class ControlPlane {
  readonly #programs: Program[] = [];
  readonly #admin: ApiClient;
  /** Paths of the resources by apiVersion and kind, as discovery gives them. */
  readonly #resources = new Map<string, { readonly path: string; readonly namespaced: boolean }>();

  private constructor(
    /** Where everything that it writes stands; gone after `stop`. */
    readonly folder: string,
    readonly port: number,
    private readonly secret: string,
  ) {
    this.#admin = new ApiClient(port, this.tokenOf('admin'));
  }

  /**
   * @param flags more of them for the API server. @default none
   * @param apiServer the server of another line of Kubernetes, by the name that tools/setup.sh gives it. @default the pinned one
   * @throws with the end of the log of a program that does not become ready
   */
  static async start(
    flags: (folder: string) => Promise<readonly string[]> = async () => [],
    apiServer = 'kube-apiserver',
  ): Promise<ControlPlane> {
    const folder = mkdtempSync(join(tmpdir(), 'armature-control-plane-'));
    const [client = 0, peer = 0, secure = 0] = await freePorts(3);
    const plane = new ControlPlane(folder, secure, randomBytes(16).toString('hex'));
    try {
      plane.run('etcd', [
        '--data-dir=etcd',
        '--unsafe-no-fsync',
        ...['--listen-client-urls', '--advertise-client-urls'].map((flag) => `${flag}=http://127.0.0.1:${client}`),
        ...['--listen-peer-urls', '--initial-advertise-peer-urls'].map((flag) => `${flag}=http://127.0.0.1:${peer}`),
        `--initial-cluster=default=http://127.0.0.1:${peer}`,
      ]);
      const server = plane.run(apiServer, [...plane.#serverFlags(client), ...(await flags(folder))]);
      await server.until(async () => (await plane.send('GET', '/readyz')).status === 200);
      return plane;
    } catch (error) {
      await plane.stop();
      throw error;
    }
  }

  #serverFlags(etcdPort: number): string[] {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    writeFileSync(this.#file(SERVICE_ACCOUNT_KEY), privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const users = USERS.map(
      (user) => `${this.tokenOf(user)},${user},${user}${user === 'admin' ? ',system:masters' : ''}\n`,
    );
    writeFileSync(this.#file('tokens.csv'), users.join(''));
    return [
      `--etcd-servers=http://127.0.0.1:${etcdPort}`,
      ...['--bind-address=127.0.0.1', `--secure-port=${this.port}`, '--cert-dir=pki'],
      ...['--token-auth-file=tokens.csv', '--authorization-mode=RBAC'],
      ...['--service-account-issuer=https://kubernetes.default.svc', '--service-cluster-ip-range=10.96.0.0/16'],
      ...['key', 'signing-key'].map((use) => `--service-account-${use}-file=${SERVICE_ACCOUNT_KEY}`),
      // etcd 3.4, Debian's, cannot stream lists.
      '--feature-gates=WatchList=false',
    ];
  }

  #file(name: string): string {
    return join(this.folder, name);
  }

  /** Runs a program in the folder until it, or the control plane, is stopped. */
  run(name: string, args: readonly string[]): Program {
    const program = new Program(name, args, this.folder);
    this.#programs.push(program);
    return program;
  }

  /** By which the API server knows a user. */
  tokenOf(user: User): string {
    return createHmac('sha256', this.secret).update(user).digest('hex');
  }

  /** A token of a service account, as its pods get one. @param audiences whom it is for. @default the API server */
  async tokenOfAccount(namespace: string, name: string, audiences?: readonly string[]): Promise<string> {
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`;
    const kind = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest' };
    const { status, body } = await this.send('POST', path, { ...kind, spec: { audiences } });
    if (status !== 201) throw new Error(`No token for ${namespace}/${name}: ${body.message}`);
    return (body.status as { token: string }).token;
  }

  /**
   * Writes down, for a program, where the API server is and whose token opens it.
   * @param own the context's namespace, and a port that leads to the server, where they are others than usual
   * @returns the file's path
   */
  kubeconfig(name: string, token: string, own: { namespace?: string; port?: number } = {}): string {
    const path = this.#file(`${name.replaceAll(':', '-')}.kubeconfig`);
    const cluster = {
      server: `https://127.0.0.1:${own.port ?? this.port}`,
      'certificate-authority': this.#file(SERVER_CERTIFICATE),
    };
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'test', cluster }],
      users: [{ name, user: { token } }],
      contexts: [{ name: 'test', context: { cluster: 'test', user: name, namespace: own.namespace } }],
      'current-context': 'test',
    };
    writeFileSync(path, JSON.stringify(config));
    return path;
  }

  async stop(): Promise<void> {
    this.#admin.close();
    for (const program of this.#programs.toReversed()) await program.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** One call of the administrator's, its body as JSON. */
  async send(method: string, path: string, body?: unknown, type?: string): Promise<Answer> {
    return this.#admin.send(method, path, body, type);
  }

  /** Tells the administrator of every object of a collection, and then of each change. */
  watch(collection: string, changed: (change: Change) => void): void {
    this.#admin.watch(collection, changed);
  }

  /** Server-side apply, unknown and repeated fields refused. Repeated where a busy machine lets the server run out of time. */
  async apply(object: Manifest): Promise<Answer> {
    const options = 'fieldManager=armature&fieldValidation=Strict&force=true';
    const path = `${await this.#path(object)}?${options}`;
    for (let attempt = 1; ; attempt++) {
      const answer = await this.send('PATCH', path, object, 'application/apply-patch+yaml');
      if (answer.status !== 504 || attempt === 5) return answer;
    }
  }

  /** @throws naming each object that is refused */
  async applyAll(objects: readonly Manifest[]): Promise<void> {
    const refused: string[] = [];
    for (const object of objects) {
      const { status, body } = await this.apply(object);
      if (status >= 300) refused.push(`${object.kind}/${object.metadata.name}: ${body.message}`);
    }
    if (refused.length > 0) throw new Error(refused.join('\n'));
  }

  async get(object: Manifest): Promise<Answer> {
    return this.send('GET', await this.#path(object));
  }

  /** Changes some fields of an object, or with `/status` of its status. */
  async patch(object: Manifest, change: object, subresource = ''): Promise<Answer> {
    return this.send('PATCH', `${await this.#path(object)}${subresource}`, change, 'application/merge-patch+json');
  }

  async delete(object: Manifest): Promise<Answer> {
    return this.send('DELETE', await this.#path(object));
  }

  /** Applies definitions of custom resources and waits until the server serves them. */
  async define(definitions: readonly Manifest[]): Promise<void> {
    await this.applyAll(definitions);
    for (const { metadata } of definitions) {
      const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${metadata.name}`;
      for (const end = Date.now() + 120_000; ; await wait(100)) {
        const { body } = await this.send('GET', path);
        // Null at first, as long as nobody has looked at the definition.
        const conditions = at(body, 'status.conditions') as { type: string; status: string }[] | null | undefined;
        if (conditions?.some(({ type, status }) => type === 'Established' && status === 'True')) break;
        if (Date.now() > end) throw new Error(`${metadata.name} was not served after two minutes.`);
      }
    }
  }

  async #path(object: Manifest): Promise<string> {
    return `${await this.#collection(object)}/${object.metadata.name}`;
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
