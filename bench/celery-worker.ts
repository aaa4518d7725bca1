import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { v7 as newId } from 'uuid';
import type { connectRabbitMq } from '../app/adapters/rabbitmq/connect-rabbitmq.js';
import { openRedis } from '../app/adapters/redis/open-redis.js';
import { pythonOf } from './python-packages.js';

export interface CeleryWorkerProps {
  readonly broker: { readonly url: string; readonly password: string };
  readonly redisUrl: string;
  readonly connection: ReturnType<typeof connectRabbitMq>;
  readonly onError: (error: unknown) => void;
}

const PROCESSES = 2;
/** Celery's own, and where the bench has its results. */
const QUEUE = 'celery';
const RESULTS_DATABASE = 1;
const POLL_MS = 5;

/** A Celery worker on the same broker and Redis, with its own queue (a classic one: its default) and its own results. */
export class CeleryWorker {
  private constructor(
    private readonly process: ChildProcess,
    private readonly results: Awaited<ReturnType<typeof openRedis>>,
    private readonly publisher: ReturnType<CeleryWorkerProps['connection']['createPublisher']>,
  ) {}

  static async start({ broker, redisUrl, connection, onError }: CeleryWorkerProps): Promise<CeleryWorker> {
    const celery = join(pythonOf('celery', ['celery', 'redis']), 'celery');
    const brokerUrl = new URL(broker.url);
    brokerUrl.password = encodeURIComponent(broker.password);
    const resultUrl = `${redisUrl}/${RESULTS_DATABASE}`;
    const options = ['--pool', 'prefork', '--concurrency', String(PROCESSES), '--loglevel', 'ERROR'];
    const quiet = ['--without-gossip', '--without-mingle', '--without-heartbeat'];
    const child = spawn(celery, ['-A', 'celery_app', 'worker', ...options, ...quiet], {
      cwd: fileURLToPath(new URL('peers', import.meta.url)),
      env: { ...process.env, BROKER_URL: String(brokerUrl), RESULT_URL: resultUrl, PYTHONDONTWRITEBYTECODE: '1' },
      // A group of its own: the parent and its processes are stopped and told to go on together.
      detached: true,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const worker = new CeleryWorker(
      child,
      await openRedis({ url: resultUrl, onError }),
      connection.createPublisher({ confirm: true }),
    );
    process.once('exit', () => worker.#signal('SIGKILL'));
    await connection.queueDeclare({ queue: QUEUE, durable: true });
    await worker.#send();
    await worker.#untilDone(1);
    return worker;
  }

  /** Fills the queue while the worker stands still, then times how long it takes to do all. */
  async perSecond(tasks: number): Promise<number> {
    await this.results.flushall();
    this.#signal('SIGSTOP');
    await Promise.all(Array.from({ length: tasks }, () => this.#send()));
    const startedAt = performance.now();
    this.#signal('SIGCONT');
    await this.#untilDone(tasks);
    return tasks / ((performance.now() - startedAt) / 1000);
  }

  async stop(): Promise<void> {
    const ended = once(this.process, 'exit');
    this.#signal('SIGKILL');
    await ended;
    await this.publisher.close();
    await this.results.quit();
  }

  /** A message of Celery's protocol, version 2. */
  async #send(): Promise<void> {
    const id = newId();
    const headers = { lang: 'py', task: 'bench.done', id, root_id: id, argsrepr: '', kwargsrepr: '', retries: 0 };
    const body = [[{ session: 's1', message: 'Where are spare seals kept?' }], {}, {}];
    await this.publisher.send(
      {
        routingKey: QUEUE,
        durable: true,
        contentType: 'application/json',
        contentEncoding: 'utf-8',
        correlationId: id,
        headers,
      },
      Buffer.from(JSON.stringify(body)),
    );
  }

  async #untilDone(tasks: number): Promise<void> {
    for (;;) {
      if (this.process.exitCode !== null) throw new Error(`Celery ended with ${this.process.exitCode}.`);
      if ((await this.results.dbsize()) >= tasks && (await this.#succeeded()) >= tasks) return;
      await wait(POLL_MS);
    }
  }

  /** A task's key is there from its start on. */
  async #succeeded(): Promise<number> {
    const keys = await this.results.keys('celery-task-meta-*');
    if (keys.length === 0) return 0;
    return (await this.results.mget(keys)).filter((state) => state?.includes('"SUCCESS"')).length;
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid, exitCode, signalCode } = this.process;
    if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, signal);
  }
}
