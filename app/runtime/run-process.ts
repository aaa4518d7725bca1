import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import {
  parseSettings,
  type processSettings,
  type ServiceSpec,
  type SettingsOf,
  type tracingSettings,
} from '../../contract/index.js';
import { makeLogger } from '../telemetry/logger.js';
import { Metrics } from '../telemetry/metrics.js';
import { startTracing } from '../telemetry/start-tracing.js';
import type { Clock } from './clock.js';
import { listen } from './listen.js';
import { buildServer, type ServerOptions } from './server.js';
import { StoreConnections } from './store-connections.js';
import { systemTimers, type Timers } from './timers.js';

/** From outside: the environment, and how the process is told to end. */
export interface RunOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** 0 takes a free one. @default the contract's */
  readonly port?: number | undefined;
  /** Aborts when the process has been told to end. */
  readonly stopping: AbortSignal;
}

/** Runs one process until it is told to end, and resolves when it has ended in order. */
export type ProcessMain = (options: RunOptions) => Promise<void>;

/** What a process is put together from. */
export interface ProcessContext<S> {
  readonly settings: S;
  readonly stores: StoreConnections;
  readonly options: ServerOptions;
  readonly clock: Clock;
  readonly timers: Timers;
}

type Settings = typeof processSettings & ServiceSpec['settings'];

/**
 * How long a service that has been told to end still takes requests, and asks each client to connect elsewhere from now on. A client that keeps its
 * connections open would otherwise send its next request into one that is being closed.
 */
const NOTICE_SECONDS = 3;

/**
 * The life of a process. It listens at once, live and not ready; waits for its stores; serves; and when it is told to end it is not
 * ready first, then finishes what it has in hand, then lets go of its stores. How long that may take is the cluster's to say: see the
 * grace period of its pods.
 *
 * @param build puts the process together from its stores; does not listen
 * @throws {SettingsError} naming every bad setting
 */
export async function runProcess<S extends Settings>(
  spec: ServiceSpec<S>,
  { env, port = spec.port, stopping }: RunOptions,
  build: (context: ProcessContext<SettingsOf<S>>) => FastifyInstance | Promise<FastifyInstance>,
): Promise<void> {
  const settings = parseSettings(spec.name, spec.settings, env, (path) => readFileSync(path, 'utf8'));
  const { host, logLevel, release } = settings as SettingsOf<typeof processSettings>;
  const logger = makeLogger(spec.name, logLevel);
  const timers = systemTimers;
  const stores = new StoreConnections({ logger, timers, stopping });
  const tracing = await startTracing(spec.name, release, settings as SettingsOf<typeof tracingSettings>, logger);
  const server = { spec, logger, metrics: new Metrics(spec), release, draining: stopping };

  const waiting = buildServer({ ...server, readiness: () => [STARTING, ...stores.awaited] });
  const { port: bound } = new URL(await listen(waiting, spec.name, host, port));
  try {
    const options = { ...server, readiness: () => stores.checks };
    const app = await build({ settings, stores, options, clock: Date.now, timers });
    await waiting.close();
    const url = await listen(app, spec.name, host, Number(bound));
    logger.info({ url }, 'serving');
    await aborted(stopping);
    logger.info('stopping: what is in hand is finished first');
    if (spec.kind === 'service') await new Promise<void>((resolve) => timers.after(NOTICE_SECONDS * 1000, resolve));
    await app.close();
  } catch (error) {
    if (!(stopping.aborted && error === stopping.reason)) throw error;
  } finally {
    await waiting.close();
    await stores.close();
    await tracing.stop();
  }
  logger.info('stopped');
}

const STARTING = {
  name: 'start',
  check: async () => {
    throw new Error('The process is starting.');
  },
};

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
