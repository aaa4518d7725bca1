import type { Connection } from 'rabbitmq-client';
import { connectRabbitMq } from '../../app/adapters/rabbitmq/connect-rabbitmq.js';
import { RabbitTaskQueue, type RabbitTaskQueueOptions } from '../../app/adapters/rabbitmq/rabbit-task-queue.js';
import { type TaskPriority, tasks } from '../../contract/index.js';
import type { RabbitMqServer } from './rabbitmq.js';

/** The platform's topology with delays that a test can wait for: RabbitMQ's clock cannot be moved. */
export const quickTopology = { ...tasks, retryDelaysSeconds: [1, 2] };

let made = 0;

/** A virtual host of its own for a test, and the queues that the test opens there. */
export class QueueVhost {
  readonly #opened: RabbitTaskQueue[] = [];
  #lookout: Connection | undefined;

  private constructor(
    private readonly broker: RabbitMqServer,
    readonly name: string,
    readonly url: string,
  ) {}

  static async make(broker: RabbitMqServer): Promise<QueueVhost> {
    made += 1;
    const name = `queues-${made}`;
    return new QueueVhost(broker, name, await broker.makeVhost(name));
  }

  /** @returns the topology's queues, over a connection of their own */
  async open(given: Partial<RabbitTaskQueueOptions> = {}): Promise<RabbitTaskQueue> {
    const { url, broker } = this;
    const standard = { url, password: broker.password, topology: quickTopology, onError: () => undefined };
    const queue = await RabbitTaskQueue.open({ ...standard, ...given });
    this.#opened.push(queue);
    return queue;
  }

  /** The same as a user of that name. @param read what it may read beside what it may write, which is all. It may declare nothing, as in a cluster */
  async openAs(user: string, given: Partial<RabbitTaskQueueOptions> = {}, read = '.*'): Promise<RabbitTaskQueue> {
    const password = `${user}-password`;
    await this.broker.manage('PUT', `users/${user}`, { password, tags: '' });
    await this.broker.manage('PUT', `permissions/${this.name}/${user}`, { configure: '^$', write: '.*', read });
    return this.open({ url: this.url.replace('guest', user), password, ...given });
  }

  /** How many subscribe to the queues that tasks wait in, and how many hold a message that they asked for. */
  async subscribers(): Promise<number> {
    this.#lookout ??= connectRabbitMq({ url: this.url, password: this.broker.password, onError: () => undefined });
    let sum = 0;
    for (const { name: queue } of quickTopology.queues) {
      sum += (await this.#lookout.queueDeclare({ queue, passive: true })).consumerCount;
    }
    return sum;
  }

  /** How many subscriptions the broker knows of, some seconds after they were made. */
  async subscriptions(): Promise<number> {
    return ((await this.broker.manage('GET', `consumers/${this.name}`)) as unknown[]).length;
  }

  /** Deletes a queue of the topology, as a person with the management API may. */
  async deleteQueue(name = ''): Promise<void> {
    await this.broker.manage('DELETE', `queues/${this.name}/${name}`);
  }

  /** Takes the binding of a priority's queue away. */
  async unbind(priority: TaskPriority): Promise<void> {
    await this.broker.manage(
      'DELETE',
      `bindings/${this.name}/e/${tasks.exchange}/q/${tasks.exchange}.${priority}/${priority}`,
    );
  }

  /** Closes every connection of a user from the broker's side. */
  async cut(user = 'guest'): Promise<void> {
    await this.broker.manage('DELETE', `connections/username/${user}`);
  }

  /** Takes it away with all that it holds, and makes it anew with nothing in it. */
  async lose(): Promise<void> {
    await this.broker.deleteVhost(this.name);
    await this.broker.makeVhost(this.name);
  }

  async close(): Promise<void> {
    for (const queue of this.#opened.splice(0)) await queue.close();
    await this.#lookout?.close();
    await this.broker.deleteVhost(this.name);
  }
}
