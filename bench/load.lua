-- What wrk sends and what it says at the end: one line for LoadResult. The request never changes, so
-- wrk builds it once. The token comes by file: a command line is visible to everybody.
wrk.headers["Authorization"] = "Bearer " .. io.open(os.getenv("BENCH_TOKEN_FILE")):read("l")

local body = os.getenv("BENCH_BODY_FILE")
if body then
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
  wrk.body = io.open(body):read("a")
end

done = function(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    "bench requests=%d micros=%d p50=%d p99=%d status=%d connect=%d read=%d write=%d timeout=%d\n",
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect, errors.read, errors.write, errors.timeout))
end
