import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../../app/adapters/sql/database.js';
import { signToken } from '../../../app/embedded/local-tokens.js';
import { type EmbeddedPlatform, startPlatform } from '../../../app/embedded/start-platform.js';
import { canaryPolicy, type ServiceName, services, VERSION_LABEL } from '../../../contract/index.js';
import type { PodOf } from './discovered-pods.js';

/** What one round of requests was answered. */
export interface Round {
  readonly statuses: readonly number[];
  readonly slowestSeconds: number;
}

/** The app as so many pods of each release: every pod's process is one of a platform of its own, which no other pod shares. */
export class AppReplicas {
  private constructor(
    private readonly folder: string,
    private readonly releases: Readonly<Record<string, readonly EmbeddedPlatform[]>>,
  ) {}

  static async start(replicas: number): Promise<AppReplicas> {
    const folder = mkdtempSync(join(tmpdir(), 'armature-replicas-'));
    const start = (release: string) =>
      Promise.all(
        Array.from({ length: replicas }, (_, i) =>
          startPlatform({ data: dataOf(folder, release, i), port: 0, logLevel: 'silent', env: {}, clock: Date.now }),
        ),
      );
    const { stableVersion, canaryVersion } = canaryPolicy;
    return new AppReplicas(folder, {
      [stableVersion]: await start(stableVersion),
      [canaryVersion]: await start(canaryVersion),
    });
  }

  async stop(): Promise<void> {
    for (const platform of Object.values(this.releases).flat()) await platform.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Where a pod's process listens, if it is one of the app's and the port is the one that it serves. */
  addressOf({ labels, index }: PodOf, port: number): string | undefined {
    const name = labels['app.kubernetes.io/name'] ?? '';
    const version = labels[VERSION_LABEL] ?? canaryPolicy.stableVersion;
    if (!(name in services) || services[name as ServiceName].port !== port) return undefined;
    const url = this.releases[version]?.[index]?.urls[name as ServiceName];
    return url === undefined ? undefined : new URL(url).host;
  }

  /** What users ask, of every pod: a chat, a task, documents, a search, an agent's work, a conversation. */
  async load(): Promise<Round> {
    const rounds = await Promise.all(Object.values(this.releases).flat().map(askAll));
    return {
      statuses: rounds.flatMap(({ statuses }) => statuses),
      slowestSeconds: Math.max(...rounds.map(({ slowestSeconds }) => slowestSeconds)),
    };
  }

  /** From now on a pod's chat answers with an error of its own to whoever brings a task. */
  async breakTasks(release: string, index: number): Promise<void> {
    const database = await openDatabase({ path: join(dataOf(this.folder, release, index), 'armature.db') });
    await database.schema.dropTable('tasks').execute();
    await database.destroy();
  }
}

function dataOf(folder: string, release: string, index: number): string {
  return join(folder, `${release}-${index}`);
}

async function askAll(platform: EmbeddedPlatform): Promise<Round> {
  const token = await signToken(platform.secret, { user: 'ada', tenant: 'acme', tier: 'enterprise' }, Date.now);
  const session = crypto.randomUUID();
  const message = `Where is spare part ${session} kept?`;
  const statuses: number[] = [];
  let slowestMs = 0;
  const ask = async (path: string, body?: unknown, type = 'application/json') => {
    const askedMs = performance.now();
    const response = await fetch(new URL(path, platform.urls.gateway), {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': type }) },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const answer = await response.json();
    slowestMs = Math.max(slowestMs, performance.now() - askedMs);
    statuses.push(response.status);
    return answer as { check_url?: string };
  };
  await ask(`/api/documents?source=${session}.md`, `Spare part ${session} is kept in cabinet 12.`, 'text/markdown');
  await Promise.all([
    ask('/api/chat', { session, message }),
    ask('/api/search', { query: message }),
    ask('/api/agent', { task: 'What is 6 * 7?' }),
  ]);
  const { check_url } = await ask('/chat/async', { session, message });
  if (check_url !== undefined) await ask(`${check_url}?wait_ms=20000`);
  await ask(`/api/sessions/${session}`);
  return { statuses, slowestSeconds: slowestMs / 1000 };
}
