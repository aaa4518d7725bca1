/**
 * Decides one request by sliding window and token bucket together, as `app/limits/admit.ts` does: it counts in both or in neither.
 * A script runs alone, so that replicas that ask at the same moment are counted one after the other. What a decision needs of the
 * window stands beside the bucket, so that an admission is four commands however many requests the window holds.
 */
export const ADMIT_SCRIPT = `
-- KEYS[1]  window: list of the times at which requests were admitted, oldest first. A request is its place in the list,
--          so two of the same millisecond are two
-- KEYS[2]  state: four doubles. When the bucket is full again, the newest time in the window, the oldest, and how many
-- ARGV[1]  requests that the window takes
-- ARGV[2]  length of the window
-- ARGV[3]  time in which the bucket gains a token
-- ARGV[4]  tokens that the bucket holds
-- ARGV[5]  now; empty for Redis's own clock, which all replicas share
-- Result   { 1 if admitted, requests in the window, wait for the window, wait for the bucket, time until the oldest leaves }
-- All times in milliseconds, those of the result rounded up.
local limit, windowMs, tokenMs = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local clock = tonumber(ARGV[5])
if not clock then
  local time = redis.call('TIME')
  clock = time[1] * 1000 + math.floor(time[2] / 1000)
end

local full, newest, oldest, current = clock, clock, clock, 0
local state = redis.call('GET', KEYS[2])
if state then full, newest, oldest, current = struct.unpack('dddd', state) end
if current == 0 then newest = clock end

-- A clock that steps back counts as standing still.
local now = math.max(clock, newest)
local seen = current
if current > 0 and newest <= now - windowMs then
  redis.call('DEL', KEYS[1])
  current = 0
else
  while current > 0 and oldest <= now - windowMs do
    redis.call('LPOP', KEYS[1])
    current = current - 1
    oldest = tonumber(redis.call('LINDEX', KEYS[1], 0) or now)
  end
end
if current == 0 then oldest = now end

local bucket = math.max(full, clock)
local takenFrom = bucket + tokenMs - tonumber(ARGV[4]) * tokenMs
local windowWaitMs = 0
if current == limit then windowWaitMs = oldest + windowMs - clock end
if current > limit then windowWaitMs = tonumber(redis.call('LINDEX', KEYS[1], current - limit)) + windowMs - clock end

local admitted = current < limit and clock >= takenFrom
if admitted then
  full = bucket + tokenMs
  current = redis.call('RPUSH', KEYS[1], string.format('%.0f', now))
  -- Forgotten a minute after it says nothing any more, and told so every ten seconds at most.
  if current == 1 or math.floor(now / 10000) ~= math.floor(newest / 10000) then
    redis.call('PEXPIRE', KEYS[1], math.ceil(windowMs + now - clock) + 60000)
  end
  newest = now
end
if admitted or current ~= seen then
  local keepMs = math.ceil(math.max(windowMs + now, full) - clock) + 60000
  redis.call('SET', KEYS[2], struct.pack('dddd', full, newest, oldest, current), 'PX', keepMs)
end
return {
  admitted and 1 or 0,
  current,
  math.ceil(windowWaitMs),
  math.ceil(math.max(0, takenFrom - clock)),
  math.ceil(oldest + windowMs - clock),
}
`;
