/** The steps of a cached computation that must not be torn apart. See `CacheStore` for what they are for. */

/** Takes the right to compute a value, and reads what is there. */
export const CLAIM_SCRIPT = `
-- KEYS[1]   entry
-- KEYS[2]   claim: the token of who computes
-- KEYS[3..] stamps of the tags
-- ARGV[1]   token
-- ARGV[2]   how long the claim holds, in ms
-- ARGV[3]   how long a new stamp lives, in ms: longer than any computation
-- Result    { 1 if the claim is the caller's, entry, stamps ... }
local won = redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[2])
local result = { won and 1 or 0, redis.call('GET', KEYS[1]) }
for i = 3, #KEYS do
  if won then redis.call('SET', KEYS[i], ARGV[1], 'NX', 'PX', ARGV[3]) end
  result[i] = redis.call('GET', KEYS[i])
end
return result
`;

/** Ends a claim with a value, unless the claim was lost or a tag was invalidated meanwhile. */
export const FILL_SCRIPT = `
-- KEYS      as above
-- ARGV[1]   token
-- ARGV[2]   entry
-- ARGV[3]   how long it lives in ms; empty for ever
-- ARGV[4..] stamps as they were when the claim was made
-- Result    1 if the entry was kept
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[2])
for i = 3, #KEYS do
  if redis.call('GET', KEYS[i]) ~= ARGV[i + 1] then return 0 end
end
for i = 3, #KEYS do
  -- A stamp outlives every entry that bears it.
  local left = redis.call('PTTL', KEYS[i])
  if ARGV[3] == '' then redis.call('PERSIST', KEYS[i])
  elseif left >= 0 and left <= tonumber(ARGV[3]) then redis.call('PEXPIRE', KEYS[i], ARGV[3] + 1000) end
end
if ARGV[3] == '' then redis.call('SET', KEYS[1], ARGV[2])
else redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
return 1
`;

/** Lengthens a claim, or ends it. */
export const RENEW_SCRIPT = `
-- KEYS[1]   claim
-- ARGV[1]   token
-- ARGV[2]   how long it holds from now on, in ms; 0 ends it
-- Result    1 if it was the caller's
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
`;
