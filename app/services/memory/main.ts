import { memory } from '../../../contract/index.js';
import { connectRedis } from '../../adapters/redis/connect-redis.js';
import { RedisConversationStore } from '../../adapters/redis/redis-conversation-store.js';
import { type ProcessMain, runProcess } from '../../runtime/run-process.js';
import { buildMemory } from './build-memory.js';

/** `armature serve memory` */
export const main: ProcessMain = (run) =>
  runProcess(memory, run, async (context) => {
    const conversations = new RedisConversationStore(await connectRedis(context));
    return buildMemory({ conversations, clock: context.clock }, context.options);
  });
