import type { TaskQueue } from '../app/queue/task-queue.js';
import type { TaskPriority } from '../contract/index.js';
import { mean } from './comparison.js';
import { processorMsOf } from './processor-time.js';
import { sampleTask } from './sample-task.js';

/** How a queue full of tasks was emptied. */
export interface Drained {
  readonly perSecond: number;
  /** Processor time of a task in microseconds, in each of the processes that have to do with it. */
  readonly processorUs: Readonly<Record<string, number>>;
}

export interface QueueDrain {
  readonly queue: TaskQueue;
  /** Forgets what is known of earlier tasks. */
  readonly forgetAll: () => Promise<unknown>;
  readonly tasks: number;
  /** Of the tasks in turn. @default all `normal` */
  readonly priorities?: readonly TaskPriority[];
  /** Whose processor time is told, by what they are. */
  readonly pids: Readonly<Record<string, number>>;
}

/** Begins to consume, and calls `done` for each task. @returns what ends it */
export type StartConsumer = (done: () => void) => Promise<() => Promise<void>>;

/** Fills the queue, then measures what it takes to empty it. */
export async function drain(
  { queue, forgetAll, tasks, priorities = ['normal'], pids }: QueueDrain,
  start: StartConsumer,
): Promise<Drained> {
  await forgetAll();
  await Promise.all(
    Array.from({ length: tasks }, (_, i) => queue.publish(sampleTask(priorities[i % priorities.length]))),
  );
  let left = tasks;
  let end = () => {};
  const allDone = new Promise<void>((resolve) => {
    end = resolve;
  });
  const used = () => Object.entries(pids).map(([name, pid]) => [name, processorMsOf(pid)] as const);
  const before = new Map(used());
  const startedAt = performance.now();
  const stop = await start(() => {
    left -= 1;
    if (left === 0) end();
  });
  await allDone;
  const seconds = (performance.now() - startedAt) / 1000;
  const processorUs = used().map(([name, ms]) => [name, ((ms - (before.get(name) ?? 0)) * 1000) / tasks] as const);
  await stop();
  return { perSecond: tasks / seconds, processorUs: Object.fromEntries(processorUs) };
}

/** As one line: tasks per second, and what a task takes of which process. */
export function tell(runs: readonly Drained[]): string {
  const names = Object.keys(runs[0]?.processorUs ?? {});
  const used = names.map((name) => `${name} ${mean(runs.map(({ processorUs }) => processorUs[name] ?? 0)).toFixed(0)}`);
  return `${mean(runs.map(({ perSecond }) => perSecond)).toFixed(0)} per second; processor time of a task in µs: ${used.join(', ')}`;
}
