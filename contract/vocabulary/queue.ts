/** Queues of one kind of work, told apart by how soon it must be done. */
export interface TaskTopology<P extends string = string> {
  /** Exchange that publishers write to; the routing key is the priority. */
  readonly exchange: string;
  /** Highest first. */
  readonly queues: readonly TaskQueueSpec<P>[];
  /** Delays before each retry, in seconds; their number is the number of retries. */
  readonly retryDelaysSeconds: readonly number[];
  /** Where a task goes whose retries are spent. */
  readonly deadLetterQueue: string;
  /** The task is told to stop after this long. */
  readonly softLimitSeconds: number;
  /** The worker gives the task up after this long. */
  readonly hardLimitSeconds: number;
  /** How long a result can be read after the task has ended. */
  readonly resultTtlSeconds: number;
  /** Messages that a worker slot holds unacknowledged. */
  readonly prefetch: number;
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
 * @throws if a weight is not positive or the hard limit does not exceed the soft one.
 */
export function taskTopology<const P extends string>(props: TopologyProps<P>): TaskTopology<P> {
  const { weights, ...rest } = props;
  const queues = (Object.entries(weights) as [P, number][])
    .map(([priority, weight]) => ({ priority, name: `${props.exchange}.${priority}`, weight }))
    .sort((a, b) => b.weight - a.weight);
  for (const { name, weight } of queues) {
    if (!(weight > 0)) throw new Error(`Queue ${name}: weight ${weight} would starve it; it must be above 0.`);
  }
  if (props.hardLimitSeconds <= props.softLimitSeconds) {
    throw new Error(
      `Topology ${props.exchange}: the hard limit (${props.hardLimitSeconds} s) must exceed the soft limit (${props.softLimitSeconds} s).`,
    );
  }
  return { ...rest, queues, deadLetterQueue: `${props.exchange}.dead` };
}

/** Name of the queue in which a message waits for its nth retry (from 0). */
export function retryQueueName(topology: TaskTopology, retry: number): string {
  return `${topology.exchange}.retry.${topology.retryDelaysSeconds[retry]}s`;
}

/** Names of the queues that hold work to be done, highest priority first. */
export function workQueueNames(topology: TaskTopology): string[] {
  return topology.queues.map((queue) => queue.name);
}
