-- For wrk: every request is a press nobody has made yet. Arguments: a file of tokens, the run's name.
-- At the end it prints one line of JSON.
local headers = {["Accept"] = "application/json", ["Content-Type"] = "application/json"}
local tokens, run, number = {}, "", 0

function init(arguments)
  for line in io.lines(arguments[1]) do
    tokens[#tokens + 1] = "/t/" .. line .. "/press"
  end
  run = arguments[2]
end

function request()
  number = number + 1
  local body = '{"key":"' .. run .. "-" .. number .. '"}'
  return wrk.format("POST", tokens[number % #tokens + 1], headers, body)
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"accepted": %d, "refused": %d, "lost": %d, "per_second": %.1f, "p50_ms": %.3f, "p99_ms": %.3f}\n',
    summary.requests - errors.status, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    summary.requests / summary.duration * 1e6,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
