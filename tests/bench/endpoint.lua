-- SPDX-License-Identifier: MIT
-- For wrk: POST /v1/events with N events a request, each with an id of its own.
-- Arguments behind --: KEY N RUN.

local threads = 0

function setup(thread)
    thread:set("number", threads)
    threads = threads + 1
end

local function event(user)
    return string.format('","time":"2026-10-%02dT12:00:00Z","user_id":"%d","endpoint":"totals","status":200,' ..
        '"tweet_count":5,"latency_ms":%d,"rate_limit":900,"rate_remaining":%d}',
        1 + user % 28, 100000 + user, 20 + user % 200, user % 900)
end

function init(args)
    count = tonumber(args[2])
    prefix = '{"id":"' .. args[3] .. "-" .. number .. "-"
    sent = 0
    parts = {}
    events = {}
    for i = 1, 20000 do
        events[i] = event((i * 7919 + number * 104729) % 20000)
    end
    head = {["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. args[1]}
end

function request()
    for i = 1, count do
        sent = sent + 1
        parts[i] = prefix .. sent .. events[sent % 20000 + 1]
    end
    return wrk.format("POST", "/v1/events", head, "[" .. table.concat(parts, ",", 1, count) .. "]")
end
