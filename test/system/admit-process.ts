/** A process that asks for admission so often at once, and prints how often it was admitted: `admit-process.ts URL ID SPEC TOKENS TIMES [NOW]`. */
import { openRedis } from '../../app/adapters/redis/open-redis.js';
import { RedisRateLimiter } from '../../app/adapters/redis/redis-rate-limiter.js';

const [url = '', id = '', spec = '', tokens = '0', times = '0', now = ''] = process.argv.slice(2);
const redis = await openRedis({
  url,
  onError: (error) => {
    throw error;
  },
});
const limiter = new RedisRateLimiter(redis, now === '' ? {} : { clock: () => Number(now) });
const ask = () => limiter.admitBy(id, Number(tokens), JSON.parse(spec));
const answers = await Promise.all(Array.from({ length: Number(times) }, ask));
await redis.quit();
process.stdout.write(String(answers.filter(({ admitted }) => admitted).length));
