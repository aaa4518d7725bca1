/**
 * Decides one request by sliding window and token bucket together, as `app/limits/admit.ts` does: it counts in both or in neither.
 * A script runs alone, so that replicas that ask at the same moment are counted one after the other.
 */
export const ADMIT_SCRIPT = `
-- KEYS[1]  window: list of the times at which requests were admitted, oldest first. A request is its place in the list,
--          so two of the same millisecond are two
-- KEYS[2]  bucket: when it is full again; none when it is full
-- ARGV[1]  requests that the window takes
-- ARGV[2]  length of the window
-- ARGV[3]  time in which the bucket gains a token
-- ARGV[4]  tokens that the bucket holds
-- ARGV[5]  now; empty for Redis's own clock, which all replicas share
-- Result   { 1 if admitted, requests in the window, wait for the window, wait for the bucket, time until the oldest leaves }
-- All times in milliseconds, those of the result as text: Redis would cut them to whole numbers.
local limit, windowMs = tonumber(ARGV[1]), tonumber(ARGV[2])
local tokenMs, emptyMs = tonumber(ARGV[3]), tonumber(ARGV[4]) * tonumber(ARGV[3])
local clock = tonumber(ARGV[5])
if not clock then
  local time = redis.call('TIME')
  clock = time[1] * 1000 + math.floor(time[2] / 1000)
end

-- A clock that steps back counts as standing still.
local newest = redis.call('LINDEX', KEYS[1], -1)
newest = newest and tonumber(newest)
local now = math.max(clock, newest or clock)
if newest and newest <= now - windowMs then
  redis.call('DEL', KEYS[1])
elseif newest then
  while tonumber(redis.call('LINDEX', KEYS[1], 0)) <= now - windowMs do redis.call('LPOP', KEYS[1]) end
end
local current = redis.call('LLEN', KEYS[1])

local full = math.max(tonumber(redis.call('GET', KEYS[2]) or clock), clock)
local takenFrom = full + tokenMs - emptyMs
local bucketWaitMs = math.max(0, takenFrom - clock)
local windowWaitMs = 0
if current >= limit then
  windowWaitMs = tonumber(redis.call('LINDEX', KEYS[1], current - limit)) + windowMs - clock
end

local admitted = current < limit and clock >= takenFrom
if admitted then
  current = redis.call('RPUSH', KEYS[1], string.format('%.0f', now))
  -- Forgotten a minute after it says nothing any more: a clock that is set forward loses nobody's count.
  redis.call('PEXPIRE', KEYS[1], math.ceil(windowMs + now - clock) + 60000)
  redis.call('SET', KEYS[2], string.format('%.17g', full + tokenMs), 'PX', math.ceil(full + tokenMs - clock) + 60000)
end
local oldest = tonumber(redis.call('LINDEX', KEYS[1], 0) or now)
return {
  admitted and 1 or 0,
  current,
  string.format('%.17g', windowWaitMs),
  string.format('%.17g', bucketWaitMs),
  string.format('%.17g', oldest + windowMs - clock),
}
`;
