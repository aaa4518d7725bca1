import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Task } from '../../app/queue/task.js';
import { sampleTask } from '../support/sample-task.js';
import { until } from '../support/until.js';
import { QueueVhost } from './queue-vhost.js';
import type { RabbitMqServer } from './rabbitmq.js';

/** What a person does with the dead letters by `armature queue`. */
export function describeDeadLetters(broker: () => RabbitMqServer): void {
  describe('dead letters of RabbitMQ', () => {
    let vhost: QueueVhost;
    beforeEach(async () => {
      vhost = await QueueVhost.make(broker());
    });
    afterEach(() => vhost.close());

    const armature = (...args: string[]) =>
      execFileSync(process.execPath, ['--import', 'tsx', 'cli/main.ts', 'queue', ...args], {
        encoding: 'utf8',
        env: { ...process.env, RABBITMQ_URL: vhost.url, RABBITMQ_PASSWORD: broker().password },
      });

    it('keeps what is no task with the dead letters, and goes on', async () => {
      const queue = await vhost.open();
      for (const payload of ['{"id": 1}', 'not JSON']) {
        await broker().manage('POST', `exchanges/${vhost.name}/tasks/publish`, {
          properties: { content_type: 'application/json' },
          routing_key: 'normal',
          payload,
          payload_encoding: 'string',
        });
      }
      const good = sampleTask();
      await queue.publish(good);
      const seen: Task[] = [];
      await queue.consume(1, async (task) => {
        seen.push(task);
        return { outcome: 'done' };
      });
      await until('the task is done', () => seen.length === 1);
      expect(seen).toEqual([good]);
      const shown = armature('inspect');
      expect(shown).toContain('tasks.dead          2');
      expect(shown.match(/^not a task/gm)).toHaveLength(2);
      expect(armature('purge', '--all')).toBe('2 removed\n');
    });

    it('lets a person inspect, replay and purge dead letters', async () => {
      const queue = await vhost.open();
      const dead = Array.from({ length: 3 }, () => sampleTask());
      for (const task of dead) await queue.publish(task);
      const consumer = await queue.consume(1, async ({ id }) => ({ outcome: 'dead', reason: `no model for ${id}` }));
      await until('all are dead', async () => (await queue.deadLetters()).length === 3);
      await consumer.stop();

      const shown = armature('inspect');
      for (const { id } of dead) expect(shown).toContain(`no model for ${id}`);
      expect(armature('replay', dead[1]?.id ?? '')).toBe('1 put back\n');
      const seen: Task[] = [];
      await queue.consume(1, async (task) => {
        seen.push(task);
        return { outcome: 'done' };
      });
      await until('it is tried anew', () => seen.length === 1);
      expect(seen).toEqual([{ ...dead[1], attempt: 0, replays: 1 }]);

      expect(armature('purge', dead[0]?.id ?? '')).toBe('1 removed\n');
      expect((await queue.deadLetters()).map(({ task }) => task)).toEqual([dead[2]]);
      expect(() => armature('replay', dead[0]?.id ?? '')).toThrow('Not in tasks.dead');
    });

    it('puts each dead letter back once, however soon it fails again', async () => {
      const queue = await vhost.open();
      const dead = Array.from({ length: 20 }, () => sampleTask());
      for (const task of dead) await queue.publish(task);
      let runs = 0;
      await queue.consume(4, async () => {
        runs += 1;
        return { outcome: 'dead', reason: 'no model' };
      });
      await until('all are dead', async () => (await queue.deadLetters()).length === dead.length);
      expect(armature('replay', '--all')).toBe('20 put back\n');
      await until('all are dead again', async () => (await queue.deadLetters()).length === dead.length);
      expect(runs).toBe(2 * dead.length);
    });
  });
}
