import { limitChain, resultChain, type TaskLimits } from './task-budget.js';
import { holdChain } from './time-budget.js';

/** Queues of one kind of work, told apart by how soon it must be done. */
export interface TaskTopology<P extends string = string> extends TaskLimits {
  /** Highest first. */
  readonly queues: readonly TaskQueueSpec<P>[];
  /** Where a task goes whose retries are spent. */
  readonly deadLetterQueue: string;
}

export interface TaskQueueSpec<P extends string = string> {
  readonly priority: P;
  readonly name: string;
  /** Share of deliveries while every queue has work. */
  readonly weight: number;
}

interface TopologyProps<P extends string> extends Omit<TaskTopology<P>, 'queues' | 'deadLetterQueue'> {
  /** Weight of each priority. */
  readonly weights: Readonly<Record<P, number>>;
}

/**
 * Names every queue after its exchange: `tasks.high`, `tasks.dead`.
 * @throws if a weight is not positive.
 * @throws {TimeBudgetError} if its limits do not nest, or a result would be gone before the last retry has ended.
 */
export function taskTopology<const P extends string>(props: TopologyProps<P>): TaskTopology<P> {
  const { weights, ...rest } = props;
  const queues = (Object.entries(weights) as [P, number][])
    .map(([priority, weight]) => ({ priority, name: `${props.exchange}.${priority}`, weight }))
    .sort((a, b) => b.weight - a.weight);
  if (!/^[a-z][a-z0-9.-]*$/.test(props.exchange)) {
    throw new Error(
      `Topology "${props.exchange}": the exchange must be named in lower case letters, digits, dots and dashes, such as tasks.`,
    );
  }
  if (queues.length === 0)
    throw new Error(`Topology ${props.exchange}: weights is {}; it must name a queue, such as { all: 1 }.`);
  if (!(Number.isInteger(props.prefetch) && props.prefetch >= 1)) {
    throw new Error(
      `Topology ${props.exchange}: prefetch ${props.prefetch} must be 1 or more: at 0 RabbitMQ bounds nothing.`,
    );
  }
  for (const delay of props.retryDelaysSeconds.filter((one) => !(one > 0))) {
    throw new Error(`Topology ${props.exchange}: the retry delay ${delay} must be above 0 seconds.`);
  }
  const twice = props.retryDelaysSeconds.find((delay, i, all) => all.indexOf(delay) !== i);
  if (twice !== undefined) {
    throw new Error(
      `Topology ${props.exchange}: the retry delay ${twice} s is there twice, and each has a queue of its own; change one a little.`,
    );
  }
  const sooner = props.retryDelaysSeconds.findIndex((delay, i, all) => delay < (all[i - 1] ?? 0));
  if (sooner > 0) {
    const [before, delay] = props.retryDelaysSeconds.slice(sooner - 1);
    throw new Error(
      `Topology ${props.exchange}: the retry delay ${delay} s comes after ${before} s, and what failed again is to wait for longer; let retryDelaysSeconds ascend.`,
    );
  }
  for (const { name, weight } of queues) {
    if (!(weight > 0)) throw new Error(`Queue ${name}: weight ${weight} would starve it; it must be above 0.`);
  }
  const topology = { ...rest, queues, deadLetterQueue: `${props.exchange}.dead` };
  holdChain(`Topology ${props.exchange}`, limitChain(topology));
  holdChain(`Topology ${props.exchange}`, resultChain(topology));
  return topology;
}

/** Name of the queue in which a message waits for its nth retry (from 0). */
export function retryQueueName(topology: TaskTopology, retry: number): string {
  return `${topology.exchange}.retry.${topology.retryDelaysSeconds[retry]}s`;
}

/** Names of the queues that hold work to be done, highest priority first. */
export function workQueueNames(topology: TaskTopology): string[] {
  return topology.queues.map((queue) => queue.name);
}
