/**
 * What both scripts know of a user, in KEYS[2]: six doubles. When the bucket is full again; the newest time in the window, the
 * oldest, and how many; the units that the token budget has spent (60,000 are a token), and at what time. What a decision needs of
 * the window stands beside the other limits, so that an admission is four commands however many requests the window holds.
 */
const READ_STATE = `
local clock = tonumber(ARGV[1])
if not clock then
  local time = redis.call('TIME')
  clock = time[1] * 1000 + math.floor(time[2] / 1000)
end
local perMinute = tonumber(ARGV[2])

local full, newest, oldest, current, spent, spentAt = 0, clock, clock, 0, 0, clock
local state = redis.call('GET', KEYS[2])
if state then full, newest, oldest, current, spent, spentAt = struct.unpack('dddddd', state) end

-- A clock that steps back counts as standing still.
local budgetNow = math.max(clock, spentAt)
local stillSpent = math.max(0, spent - (budgetNow - spentAt) * perMinute)

-- Forgotten a minute after it says nothing any more.
local function keep(windowEnd)
  local keepMs = math.ceil(math.max(windowEnd, full, spentAt + spent / perMinute) - clock) + 60000
  redis.call('SET', KEYS[2], struct.pack('dddddd', full, newest, oldest, current, spent, spentAt), 'PX', keepMs)
end
`;

/**
 * Decides one request by sliding window, token bucket and token budget together, as `app/limits/admit.ts` does: it counts in all
 * of them or in none. A script runs alone, so that replicas that ask at the same moment are counted one after the other.
 */
export const ADMIT_SCRIPT = `
-- KEYS[1]  window: list of the times at which requests were admitted, oldest first. A request is its place in the list,
--          so two of the same millisecond are two
-- KEYS[2]  state
-- ARGV[1]  now; empty for Redis's own clock, which all replicas share
-- ARGV[2]  tokens that come back each minute, and as many that are there at most
-- ARGV[3]  tokens to reserve, not more than that
-- ARGV[4]  requests that the window takes
-- ARGV[5]  length of the window
-- ARGV[6]  time in which the bucket gains a token
-- ARGV[7]  tokens that the bucket holds
-- Result   { 1 if admitted; wait for window, bucket, budget; left in window, bucket, budget; until the oldest request leaves,
--          until the bucket is full, until the budget is full }
-- All times in milliseconds, those of the result rounded up.
${READ_STATE}
local reserved, limit, windowMs = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local tokenMs = tonumber(ARGV[6])
local emptyMs = tonumber(ARGV[7]) * tokenMs

if current == 0 then newest = clock end
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

local windowWaitMs = 0
if current == limit then windowWaitMs = oldest + windowMs - clock end
-- More than may be, since fewer may be than before; without the list, which Redis lets go when it is full, until all have left.
if current > limit then windowWaitMs = tonumber(redis.call('LINDEX', KEYS[1], current - limit) or newest) + windowMs - clock end
local missingMs = math.max(0, full - clock)
local bucketWaitMs = math.max(0, missingMs + tokenMs - emptyMs)
local over = stillSpent + (reserved - perMinute) * 60000
local budgetWaitMs = 0
if reserved > 0 and over > 0 then budgetWaitMs = math.ceil(over / perMinute) + (budgetNow - clock) end

local admitted = windowWaitMs <= 0 and bucketWaitMs <= 0 and budgetWaitMs <= 0
if admitted then
  full = clock + (missingMs + tokenMs)
  missingMs = full - clock
  stillSpent = stillSpent + reserved * 60000
  spent, spentAt = stillSpent, budgetNow
  current = redis.call('RPUSH', KEYS[1], string.format('%.0f', now))
  -- Told at most every ten seconds how long it is worth keeping.
  if current == 1 or math.floor(now / 10000) ~= math.floor(newest / 10000) then
    redis.call('PEXPIRE', KEYS[1], math.ceil(windowMs + now - clock) + 60000)
  end
  newest = now
end
if admitted or current ~= seen then keep(windowMs + now) end

local windowResetMs, budgetResetMs = 0, 0
if current > 0 then windowResetMs = oldest + windowMs - clock end
if stillSpent > 0 then budgetResetMs = math.ceil(stillSpent / perMinute) + (budgetNow - clock) end
return {
  admitted and 1 or 0,
  math.ceil(windowWaitMs),
  math.ceil(bucketWaitMs),
  budgetWaitMs,
  math.max(0, limit - current),
  math.max(0, math.floor((emptyMs - missingMs) / tokenMs)),
  math.max(0, math.floor(perMinute - stillSpent / 60000)),
  math.ceil(windowResetMs),
  math.ceil(missingMs),
  budgetResetMs,
}
`;

/** Corrects a reservation in the token budget, as `settle` of `app/limits/admit.ts` does. */
export const SETTLE_SCRIPT = `
-- KEYS[1]  window
-- KEYS[2]  state
-- ARGV[1]  now; empty for Redis's own clock
-- ARGV[2]  tokens that come back each minute
-- ARGV[3]  tokens used less tokens reserved
-- ARGV[4]  length of the window
${READ_STATE}
spent, spentAt = math.max(0, stillSpent + tonumber(ARGV[3]) * 60000), budgetNow
local windowEnd = clock
if current > 0 then windowEnd = newest + tonumber(ARGV[4]) end
keep(windowEnd)
`;
