/**
 * Takes steps of many users in one trip, one after the other. An admission is decided by sliding window, token bucket and token
 * budget together, as `app/limits/admit.ts` does: it counts in all of them or in none. A settlement corrects a reservation in the
 * token budget, as `settle` there does. A script runs alone, so that replicas that ask at the same moment are counted one after the
 * other.
 *
 * What is known of a user stands in six doubles: when the bucket is full again; the newest time in the window, the oldest, and how
 * many; the units that the token budget has spent (60,000 are a token), and at what time. What a decision needs of the window stands
 * beside the other limits, so that an admission is three commands however many requests the window holds.
 */
export const LIMIT_SCRIPT = `
-- KEYS     two for each step, of its user
--   window  list of the times at which requests were admitted, oldest first. A request is its place in the list, so two of the same
--           millisecond are two
--   state   the six doubles
-- ARGV[1]  JSON, a list for each step
--   now     false for Redis's own clock, which all replicas share
--   tokens that come back each minute, and as many that are there at most
--   length of the window
--   tokens  to reserve, not more than that; of a settlement, those used less those reserved
--   requests that the window takes, and of the bucket the time in which it gains a token and the tokens that it holds: not said of a settlement
-- Result   JSON, for each settlement an empty list, and for each admission a list: 1 if admitted; wait for window, bucket, budget; left in
--          window, bucket, budget; until the oldest request leaves, until the bucket is full, until the budget is full
-- All times in milliseconds, those of the result rounded up. A user whose keys hold something else begins anew.
local time = redis.call('TIME')
local redisClock = time[1] * 1000 + math.floor(time[2] / 1000)

local windowKey, stateKey, clock, perMinute, windowMs, rebased
local full, newest, oldest, current, spent, spentAt
local budgetNow, stillSpent

local function read()
  local state = redis.call('GET', stateKey)
  if state then
    full, newest, oldest, current, spent, spentAt = struct.unpack('dddddd', state)
  else
    full, newest, oldest, current, spent, spentAt = 0, clock, clock, 0, 0, clock
  end
  rebased = spentAt - clock > 60000
  if rebased then spentAt = clock end
  -- A clock that steps back by less counts as standing still.
  budgetNow = math.max(clock, spentAt)
  stillSpent = math.max(0, spent - (budgetNow - spentAt) * perMinute)
end

-- Forgotten a minute after it says nothing any more.
local function keep(windowEnd)
  local keepMs = math.ceil(math.max(windowEnd, full, spentAt + spent / perMinute) - clock) + 60000
  redis.call('SET', stateKey, struct.pack('dddddd', full, newest, oldest, current, spent, spentAt), 'PX', keepMs)
end

local function settle(difference)
  spent, spentAt = math.max(0, stillSpent + difference * 60000), budgetNow
  keep(current > 0 and newest + windowMs or clock)
  return {}
end

-- After the clock was set back: nobody waits for it to come where it was. More requests than the window takes hold nobody up for longer.
local function rebase(limit, emptyMs)
  if full - clock > emptyMs then full, rebased = clock + emptyMs, true end
  if current == 0 or newest - clock <= windowMs then return end
  redis.call('DEL', windowKey)
  current = math.min(current, limit)
  for _ = 1, current do redis.call('RPUSH', windowKey, string.format('%.0f', clock)) end
  redis.call('PEXPIRE', windowKey, windowMs + 60000)
  newest, oldest, rebased = clock, clock, true
end

local function admit(reserved, limit, tokenMs, capacity)
  local emptyMs = capacity * tokenMs
  rebase(limit, emptyMs)
  if current == 0 then newest = clock end
  local now = math.max(clock, newest)
  local seen = current
  if current > 0 and newest <= now - windowMs then
    redis.call('DEL', windowKey)
    current = 0
  else
    while current > 0 and oldest <= now - windowMs do
      redis.call('LPOP', windowKey)
      current = current - 1
      oldest = tonumber(redis.call('LINDEX', windowKey, 0) or now)
    end
  end
  if current == 0 then oldest = now end

  local windowWaitMs = 0
  if current == limit then windowWaitMs = oldest + windowMs - clock end
  -- More than may be, since fewer may be than before; without the list, which Redis lets go when it is full, until all have left.
  if current > limit then
    windowWaitMs = tonumber(redis.call('LINDEX', windowKey, current - limit) or newest) + windowMs - clock
  end
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
    current = redis.call('RPUSH', windowKey, string.format('%.0f', now))
    -- Told at most every ten seconds how long it is worth keeping.
    if current == 1 or math.floor(now / 10000) ~= math.floor(newest / 10000) then
      redis.call('PEXPIRE', windowKey, math.ceil(windowMs + now - clock) + 60000)
    end
    newest = now
  end
  if admitted or rebased or current ~= seen then keep(windowMs + now) end

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
end

local function take(step)
  local now, tokens, limit, tokenMs, capacity
  now, perMinute, windowMs, tokens, limit, tokenMs, capacity = unpack(step)
  clock = now or redisClock
  read()
  return limit and admit(tokens, limit, tokenMs, capacity) or settle(tokens)
end

local results = {}
for i, step in ipairs(cjson.decode(ARGV[1])) do
  windowKey, stateKey = KEYS[2 * i - 1], KEYS[2 * i]
  local taken, result = pcall(take, step)
  if not taken then
    local problem = type(result) == 'table' and result.err or tostring(result)
    local code = problem:match('^%u+ ')
    -- Want of memory, or of a primary, is one for all; nothing was written then. All else is of this user's keys.
    if code and code ~= 'WRONGTYPE ' and code ~= 'ERR ' then return redis.error_reply(problem) end
    redis.call('DEL', windowKey, stateKey)
    result = take(step)
  end
  results[i] = result
end
return cjson.encode(results)
`;

/** What is found of an admission; nothing of a settlement. */
export type Found = readonly [admitted: number, ...waitsMs: Triple, ...remaining: Triple, ...resetsMs: Triple];
type Triple = readonly [window: number, bucket: number, tokens: number];

/** An admission, or a settlement, of which only the first four are said. */
export type Step = readonly [
  now: number | false,
  tokensPerMinute: number,
  windowMs: number,
  tokens: number,
  requestsPerWindow?: number,
  tokenMs?: number,
  capacity?: number,
];
