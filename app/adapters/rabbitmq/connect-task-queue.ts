import type { rabbitmqSettings, SettingsOf } from '../../../contract/index.js';
import type { ProcessContext } from '../../runtime/run-process.js';
import { RabbitTaskQueue } from './rabbit-task-queue.js';

/** Opens a process's task queue. */
export function connectTaskQueue({
  settings,
  stores,
  options: { logger, spec },
}: Pick<
  ProcessContext<SettingsOf<typeof rabbitmqSettings>>,
  'settings' | 'stores' | 'options'
>): Promise<RabbitTaskQueue> {
  const connect = () =>
    RabbitTaskQueue.open({
      url: settings.rabbitmqUrl,
      password: settings.rabbitmqPassword,
      name: spec.name,
      onError: (error) =>
        logger.warn({ err: error }, 'RabbitMQ is away or refuses; the connection comes back by itself'),
    });
  return stores.open('RabbitMQ', connect, (queue) => ({ check: () => queue.check(), close: () => queue.close() }));
}
