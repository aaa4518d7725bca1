import { retryQueueName, type TaskPriority, type TaskTopology, tasks } from '../../../contract/index.js';
import { attemptTask } from '../../queue/attempt-task.js';
import type { Task } from '../../queue/task.js';
import type { Consumer, DeadLetter, Outcome, TaskHandler, TaskQueue } from '../../queue/task-queue.js';
import { type Credits, nextTurn, noCredits } from '../../queue/weighted-turns.js';
import type { CancelTimer, Timers } from '../../runtime/timers.js';

interface MemoryTaskQueueProps {
  readonly timers: Timers;
  /** Queues and their weights. @default the platform's */
  readonly topology?: TaskTopology<TaskPriority>;
}

interface Worker {
  readonly handler: TaskHandler;
  freeSlots: number;
  readonly inHand: Set<Promise<void>>;
}

/** The queues of one process. What waits in them dies with it: a restart publishes again what the task store holds as unfinished. */
export class MemoryTaskQueue implements TaskQueue {
  readonly #timers: Timers;
  readonly #topology: TaskTopology<TaskPriority>;
  readonly #waiting: Readonly<Record<TaskPriority, Task[]>> = { high: [], normal: [], low: [] };
  /** What waits for its next try, and by how much that was put off. */
  readonly #retries = new Map<CancelTimer, number>();
  readonly #dead: DeadLetter[] = [];
  /** The one that took work last stands last. */
  readonly #workers = new Set<Worker>();
  #credits: Credits<TaskPriority>;
  #closed = false;

  constructor({ timers, topology = tasks }: MemoryTaskQueueProps) {
    this.#timers = timers;
    this.#topology = topology;
    this.#credits = noCredits(topology.queues);
  }

  async publish(task: Task): Promise<void> {
    if (this.#closed) throw new Error(`Task ${task.id} was not published: the queue is closed.`);
    this.#enqueue(task);
  }

  async consume(slots: number, handler: TaskHandler): Promise<Consumer> {
    const worker: Worker = { handler, freeSlots: slots, inHand: new Set() };
    this.#workers.add(worker);
    this.#deliver();
    return { stop: () => this.#stop(worker) };
  }

  async depths(): Promise<Readonly<Record<TaskPriority, number>>> {
    const { high, normal, low } = this.#waiting;
    return { high: high.length, normal: normal.length, low: low.length };
  }

  async lengths(): Promise<Readonly<Record<string, number>>> {
    const { queues, retryDelaysSeconds, deadLetterQueue } = this.#topology;
    const delays = [...this.#retries.values()];
    return {
      ...Object.fromEntries(queues.map(({ name, priority }) => [name, this.#waiting[priority].length])),
      ...Object.fromEntries(
        retryDelaysSeconds.map((delay, retry) => [
          retryQueueName(this.#topology, retry),
          delays.filter((one) => one === delay).length,
        ]),
      ),
      [deadLetterQueue]: this.#dead.length,
    };
  }

  async deadLetters(): Promise<readonly DeadLetter[]> {
    return [...this.#dead];
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#workers].map((worker) => this.#stop(worker)));
    for (const cancel of this.#retries.keys()) cancel();
    this.#retries.clear();
  }

  async #stop(worker: Worker): Promise<void> {
    this.#workers.delete(worker);
    await Promise.all(worker.inHand);
  }

  #enqueue(task: Task): void {
    this.#waiting[task.priority].push(task);
    this.#deliver();
  }

  /** Hands out work for as long as there are both work and free slots. */
  #deliver(): void {
    for (let worker = this.#freeWorker(); worker !== undefined; worker = this.#freeWorker()) {
      const task = this.#take();
      if (task === undefined) return;
      this.#start(worker, task);
    }
  }

  #freeWorker(): Worker | undefined {
    return [...this.#workers].find(({ freeSlots }) => freeSlots > 0);
  }

  #take(): Task | undefined {
    const turn = nextTurn(this.#topology.queues, this.#credits, (priority) => this.#waiting[priority].length > 0);
    if (turn === undefined) return undefined;
    this.#credits = turn.credits;
    return this.#waiting[turn.priority].shift();
  }

  #start(worker: Worker, task: Task): void {
    worker.freeSlots -= 1;
    this.#workers.delete(worker);
    this.#workers.add(worker);
    const work = attemptTask(worker.handler, task).then((outcome) => {
      worker.inHand.delete(work);
      worker.freeSlots += 1;
      this.#settle(task, outcome);
      this.#deliver();
    });
    worker.inHand.add(work);
  }

  #settle(task: Task, outcome: Outcome): void {
    if (outcome.outcome === 'dead') this.#dead.push({ task, reason: outcome.reason });
    if (outcome.outcome === 'retry') this.#enqueueLater({ ...task, attempt: task.attempt + 1 }, outcome.delaySeconds);
    if (outcome.outcome === 'later') this.#enqueueLater(task, outcome.delaySeconds);
  }

  #enqueueLater(task: Task, delaySeconds: number): void {
    const cancel = this.#timers.after(delaySeconds * 1000, () => {
      this.#retries.delete(cancel);
      this.#enqueue(task);
    });
    this.#retries.set(cancel, delaySeconds);
  }
}
