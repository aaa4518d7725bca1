import { readFileSync } from 'node:fs';
import { DeadLetterQueue } from '../app/adapters/rabbitmq/dead-letter-queue.js';
import type { DeadMessage } from '../app/adapters/rabbitmq/dead-letters.js';
import { parseSettings, rabbitmqSettings, SettingsError } from '../contract/index.js';
import { EXIT_FAILURE, EXIT_USAGE } from './exit-codes.js';

/** How long the broker may take to answer at first. */
const CONNECT_TIMEOUT_MS = 10_000;

export interface InspectOptions {
  readonly limit: number;
  readonly format: 'text' | 'json';
}

/** Which dead letters: these tasks, or every one. */
export interface ChosenLetters {
  readonly ids: readonly string[];
  readonly all: boolean;
}

/** `armature queue inspect`: how many messages wait, and the oldest dead letters with their reasons. */
export function runInspect({ limit, format }: InspectOptions): Promise<void> {
  return withDeadLetters(async (dead) => {
    const depths = await dead.depths();
    const letters = await dead.inspect(limit);
    if (format === 'json') return print(JSON.stringify({ queues: depths, deadLetters: letters }, null, 2));
    for (const [name, depth] of Object.entries(depths)) print(`${name.padEnd(20)}${depth}`);
    for (const letter of letters) print(describe(letter));
  });
}

/** `armature queue replay`: puts dead tasks back into the queues they came from. */
export function runReplay(chosen: ChosenLetters): Promise<void> {
  return withDeadLetters(async (dead) => {
    const replayed = await dead.replay(({ id }) => chosen.all || chosen.ids.includes(id));
    print(`${replayed.length} put back`);
    const missing = chosen.ids.filter((id) => !replayed.includes(id));
    if (missing.length > 0) throw new QueueCommandError(`Not in ${dead.name}: ${missing.join(', ')}`);
  });
}

/** `armature queue purge`: removes dead letters for good. */
export function runPurge(chosen: ChosenLetters): Promise<void> {
  return withDeadLetters(async (dead) => {
    const purged = await dead.purge(({ task }) => chosen.all || (task !== undefined && chosen.ids.includes(task.id)));
    print(`${purged} removed`);
  });
}

/** What a person can mend: told in one line, without a stack. */
class QueueCommandError extends Error {
  override readonly name = 'QueueCommandError';
}

async function withDeadLetters(work: (dead: DeadLetterQueue) => Promise<void>): Promise<void> {
  try {
    const { rabbitmqUrl, rabbitmqPassword } = parseSettings('armature queue', rabbitmqSettings, process.env, (path) =>
      readFileSync(path, 'utf8'),
    );
    const dead = await connect(rabbitmqUrl, rabbitmqPassword);
    try {
      await work(dead);
    } finally {
      await dead.close();
    }
  } catch (error) {
    if (!(error instanceof SettingsError) && !(error instanceof QueueCommandError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error instanceof SettingsError ? EXIT_USAGE : EXIT_FAILURE;
  }
}

async function connect(url: string, password: string): Promise<DeadLetterQueue> {
  let reason: unknown;
  const onError = (error: unknown) => {
    reason = error;
  };
  try {
    return await DeadLetterQueue.open({ url, password, name: 'armature queue', onError }, CONNECT_TIMEOUT_MS);
  } catch (error) {
    const why = reason instanceof Error && reason.message !== '' ? reason.message : String(error);
    throw new QueueCommandError(`RabbitMQ at ${new URL(url).host} does not take the connection: ${why}`);
  }
}

function describe({ task, body, reason }: DeadMessage): string {
  if (task === undefined) return `not a task  ${reason}  ${JSON.stringify(body)?.slice(0, 80)}`;
  const { id, kind, priority, attempt, createdAt } = task;
  return `${id}  ${new Date(createdAt).toISOString()}  ${kind}/${priority}  attempt ${attempt + 1}  ${reason}`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
