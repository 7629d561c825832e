-- What wrk tells at the end, for fastcgi.py: one line of JSON; times in microseconds.
-- SPDX-License-Identifier: MIT
function done(summary, latency)
    local errors = summary.errors
    io.write(string.format('{"requests": %d, "duration": %d, "failed": %d, "median": %d, "p99": %d}\n',
        summary.requests, summary.duration, errors.connect + errors.read + errors.write + errors.status +
        errors.timeout, latency:percentile(50), latency:percentile(99)))
end
