/** A process that asks for admission so often at once, and prints how often it was admitted: `admit-process.ts URL ID SPEC TIMES`. */
import { openRedis } from '../../app/adapters/redis/open-redis.js';
import { RedisRateLimiter } from '../../app/adapters/redis/redis-rate-limiter.js';

const [url = '', id = '', spec = '', times = '0'] = process.argv.slice(2);
const redis = await openRedis({
  url,
  onError: (error) => {
    throw error;
  },
});
const limiter = new RedisRateLimiter(redis);
const answers = await Promise.all(Array.from({ length: Number(times) }, () => limiter.admitBy(id, JSON.parse(spec))));
await redis.quit();
process.stdout.write(String(answers.filter(({ admitted }) => admitted).length));
