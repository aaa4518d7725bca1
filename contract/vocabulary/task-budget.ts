import type { TimeLink } from './time-budget.js';

/** The limits of one kind of task. */
export interface TaskLimits {
  /** Exchange that publishers write to; the routing key is the priority. */
  readonly exchange: string;
  /** Delays before each retry, in seconds; their number is the number of retries. */
  readonly retryDelaysSeconds: readonly number[];
  /** The task is told to stop after this long. */
  readonly softLimitSeconds: number;
  /** The worker gives the task up after this long. */
  readonly hardLimitSeconds: number;
  /** Longest call of a model that a task makes. @default none */
  readonly modelCallSeconds?: number;
  /** How long a result can be read after the task has ended. */
  readonly resultTtlSeconds: number;
  /** Messages that a worker slot holds unacknowledged. */
  readonly prefetch: number;
}

/** What the deployment of a task's worker adds to its topology. */
export interface TaskDeployment {
  /** The broker takes a message back that is not acknowledged for so long. */
  readonly consumerTimeoutSeconds: number;
  /** `terminationGracePeriodSeconds` of the worker's pods. */
  readonly graceSeconds: number;
  readonly preStopSeconds: number;
}

/** The path of a task: consumer timeout > grace period > preStop + hard limit > soft limit > model call. */
export function taskChain(limits: TaskLimits, deployment: TaskDeployment): readonly TimeLink[] {
  const { preStopSeconds, graceSeconds, consumerTimeoutSeconds } = deployment;
  return [
    consumerTimeoutLink(consumerTimeoutSeconds),
    {
      name: "the worker's grace period",
      seconds: graceSeconds,
      raise: 'raise drainSeconds',
      lower: 'lower drainSeconds',
    },
    ...limitChain(limits, preStopSeconds),
  ];
}

/** The part of a task's path that its topology alone decides. */
export function limitChain(limits: TaskLimits, preStopSeconds = 0): readonly TimeLink[] {
  const { exchange, softLimitSeconds, hardLimitSeconds, modelCallSeconds } = limits;
  const link = (name: string, seconds: number, field: string): TimeLink => ({
    name: `${name} of ${exchange}`,
    seconds,
    raise: `raise ${field}`,
    lower: `lower ${field}`,
  });
  return [
    link(
      preStopSeconds > 0 ? `preStop (${preStopSeconds} s) and the hard limit` : 'the hard limit',
      preStopSeconds + hardLimitSeconds,
      'hardLimitSeconds',
    ),
    link('the soft limit', softLimitSeconds, 'softLimitSeconds'),
    ...(modelCallSeconds === undefined ? [] : [link('one model call', modelCallSeconds, 'modelCallSeconds')]),
  ];
}

/** A result must outlive every attempt and every wait between two, or a late success would have nobody to tell. */
export function resultChain(limits: TaskLimits): readonly TimeLink[] {
  const { exchange, retryDelaysSeconds, hardLimitSeconds, resultTtlSeconds } = limits;
  const attempts = retryDelaysSeconds.length + 1;
  const seconds = retryDelaysSeconds.reduce((sum, delay) => sum + delay, attempts * hardLimitSeconds);
  return [
    {
      name: `the lifetime of a result of ${exchange}`,
      seconds: resultTtlSeconds,
      raise: 'raise resultTtlSeconds',
      lower: 'lower resultTtlSeconds',
    },
    {
      name: `${attempts} attempts of ${hardLimitSeconds} s and the waits between them (${retryDelaysSeconds.join(' + ')} s)`,
      seconds,
      raise: 'raise hardLimitSeconds',
      lower: 'lower the limits',
    },
  ];
}

/** RabbitMQ looks once a minute, and advises against less than five. */
const CONSUMER_TIMEOUT = { checkSeconds: 60, leastSeconds: 300 } as const;

/** RabbitMQ's own consumer timeout, where nobody has set another (rabbitmq.com, "Delivery Acknowledgement Timeout"). */
export const DEFAULT_CONSUMER_TIMEOUT_SECONDS = 1800;

/** The last message of a full prefetch waits for all before it. */
function heldSeconds({ prefetch, hardLimitSeconds }: TaskLimits): number {
  return prefetch * hardLimitSeconds;
}

/** Consumer timeout of a broker with the given tasks, in seconds: it holds for the slowest of them, with two of the broker's looks to spare. */
export function consumerTimeoutSeconds(tasks: readonly TaskLimits[]): number {
  const needed = tasks.map((limits) => heldSeconds(limits) + 2 * CONSUMER_TIMEOUT.checkSeconds);
  return Math.max(CONSUMER_TIMEOUT.leastSeconds, ...needed);
}

/** The broker's part alone, whoever the workers are: consumer timeout > as long as a message may be held. */
export function deliveryChain(limits: TaskLimits, consumerTimeoutSeconds: number): readonly TimeLink[] {
  return [
    consumerTimeoutLink(consumerTimeoutSeconds),
    {
      name: `a message of ${limits.exchange} in a worker's hands (prefetch ${limits.prefetch} x hard limit ${limits.hardLimitSeconds} s)`,
      seconds: heldSeconds(limits),
      raise: 'raise hardLimitSeconds',
      lower: 'lower prefetch',
    },
  ];
}

function consumerTimeoutLink(seconds: number): TimeLink {
  const field = 'consumerTimeoutSeconds';
  return { name: "the broker's consumer timeout", seconds, raise: `raise ${field}`, lower: `lower ${field}` };
}
