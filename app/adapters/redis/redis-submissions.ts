import type { Redis } from 'ioredis';
import type { Submissions } from '../../queue/submissions.js';

/** Ids of tasks, by the time at which their submission began. */
const SUBMITTING = 'tasks:submitting';

/** Submissions of all replicas, in Redis. */
export class RedisSubmissions implements Submissions {
  constructor(private readonly redis: Redis) {}

  async begin(taskId: string, at: number): Promise<void> {
    await this.redis.zadd(SUBMITTING, at, taskId);
  }

  async end(taskId: string): Promise<void> {
    await this.redis.zrem(SUBMITTING, taskId);
  }

  begunBefore(at: number): Promise<readonly string[]> {
    return this.redis.zrange(SUBMITTING, '-inf', `(${at}`, 'BYSCORE');
  }
}
