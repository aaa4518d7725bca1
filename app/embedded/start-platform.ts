import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import {
  agentSettings,
  parseSettings,
  providerSettings,
  type ServiceName,
  type ServiceSpec,
  services,
  tracingSettings,
  workerSettings,
} from '../../contract/index.js';
import type { Clock } from '../runtime/clock.js';
import { listen } from '../runtime/listen.js';
import { ServiceClient } from '../runtime/service-client.js';
import { type DestinationStream, makeLogger } from '../telemetry/logger.js';
import { Metrics } from '../telemetry/metrics.js';
import { startTracing } from '../telemetry/start-tracing.js';
import { buildServices } from './build-services.js';
import { localSecret } from './local-tokens.js';
import { openStores } from './open-stores.js';

const LOOPBACK = '127.0.0.1';

export interface PlatformOptions {
  /** Folder in which state survives a restart. @default in memory */
  readonly data?: string | undefined;
  /** The gateway's port; the others keep their distance from it. 0 takes free ones. @default the contract's */
  readonly port?: number | undefined;
  readonly logLevel: string;
  /** Where log lines go. @default standard output */
  readonly logLines?: DestinationStream | undefined;
  /** Providers' keys, base URL and model table are read from here, what an agent may fetch, and the worker's slots. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
}

export interface EmbeddedPlatform {
  /** Base URL of every process, the gateway first. */
  readonly urls: Readonly<Record<ServiceName, string>>;
  /** Ids of the models that can be used. */
  readonly models: readonly string[];
  /** Calls services past the gateway, as they call each other. */
  readonly client: ServiceClient;
  /** What local tokens are signed with. */
  readonly secret: string;
  /** Takes no more requests, lets running ones and tasks in hand finish, then closes the stores. */
  close(): Promise<void>;
}

/**
 * Starts every service, a worker and the canary controller in one process, each on its own loopback port, calling each other over
 * HTTP as in the cluster.
 *
 * @throws {PortInUseError} when a port is taken; nothing is left running then
 * @throws {SettingsError} naming every bad variable
 */
export async function startPlatform({
  data,
  port,
  logLevel,
  logLines,
  env,
  clock,
}: PlatformOptions): Promise<EmbeddedPlatform> {
  const shape = { ...providerSettings, ...agentSettings, ...workerSettings, ...tracingSettings };
  const settings = parseSettings('armature start', shape, env, (path) => readFileSync(path, 'utf8'));
  const tracing = await startTracing('armature', 'embedded', settings, makeLogger('armature', logLevel, logLines));
  const stores = await openStores(clock, data);
  const urls: Partial<Record<ServiceName, string>> = {};
  const client = new ServiceClient(urls);
  const secret = await localSecret(data);
  const { apps, models } = await buildServices(
    { stores, client, providers: settings, agentSettings: settings, workerSettings: settings, secret, clock },
    (spec) => ({
      spec,
      logger: makeLogger(spec.name, logLevel, logLines),
      metrics: new Metrics(spec),
    }),
  );
  const entries = Object.entries(apps) as [ServiceName, FastifyInstance][];
  const close = async () => {
    // In the order of the call graph: who calls closes before who is called.
    for (const [, app] of entries) await app.close();
    await stores.close();
    await tracing.stop();
  };
  try {
    // Who is called listens before who calls: the worker starts at once on the tasks that a restart left.
    for (const [name, app] of entries.toReversed()) {
      urls[name] = await listen(app, name, LOOPBACK, portOf(services[name], port));
    }
  } catch (error) {
    await close();
    throw error;
  }
  const inOrder = Object.fromEntries(entries.map(([name]) => [name, urls[name]])) as Record<ServiceName, string>;
  return { urls: inOrder, models, client, secret, close };
}

function portOf({ port }: ServiceSpec, gatewayPort: number | undefined): number {
  if (gatewayPort === undefined) return port;
  return gatewayPort === 0 ? 0 : gatewayPort + port - services.gateway.port;
}
