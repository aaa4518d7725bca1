import { RabbitTaskQueue, type RabbitTaskQueueOptions } from '../../app/adapters/rabbitmq/rabbit-task-queue.js';
import { tasks } from '../../contract/index.js';
import { until } from '../support/until.js';
import type { RabbitMqServer } from './rabbitmq.js';

/** The platform's topology with delays that a test can wait for: RabbitMQ's clock cannot be moved. */
export const quickTopology = { ...tasks, retryDelaysSeconds: [1, 2] };

let made = 0;

/** A virtual host of its own for a test, and the queues that the test opens there. */
export class QueueVhost {
  readonly #opened: RabbitTaskQueue[] = [];

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

  /** How many subscriptions the broker knows of. */
  async subscriptions(): Promise<number> {
    return ((await this.broker.manage('GET', `consumers/${this.name}`)) as unknown[]).length;
  }

  /** Deletes a queue of the topology, as a person with the management API may. */
  async deleteQueue(name = ''): Promise<void> {
    await this.broker.manage('DELETE', `queues/${this.name}/${name}`);
  }

  /** Closes a client's connection from the broker's side. @param client the name that it gave itself */
  async cut(client: string): Promise<void> {
    type Listed = { name: string; user_provided_name?: string }[];
    let found: Listed = [];
    await until(
      'the broker lists the connection',
      async () => {
        const all = (await this.broker.manage('GET', 'connections')) as Listed;
        found = all.filter((one) => one.user_provided_name === client);
        return found.length > 0;
      },
      15_000,
    );
    for (const { name } of found) await this.broker.manage('DELETE', `connections/${encodeURIComponent(name)}`);
  }

  /** Takes it away with all that it holds, and makes it anew with nothing in it. */
  async lose(): Promise<void> {
    await this.broker.deleteVhost(this.name);
    await this.broker.makeVhost(this.name);
  }

  async close(): Promise<void> {
    for (const queue of this.#opened.splice(0)) await queue.close();
    await this.broker.deleteVhost(this.name);
  }
}
