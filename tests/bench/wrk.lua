-- SPDX-License-Identifier: MIT
-- What wrk asks for: a request of the API for two Tweets, of one user after the other.

local body = '{"tweet_ids":["1070059276213702656","1021817816134156288"],"engagement_types":["impressions","engagements"],'
   .. '"groupings":{"g":{"group_by":["tweet.id","engagement.type"]}}}'
local requests, at = {}, 0

function init()
   for i = 1, 1000 do
      requests[i] = wrk.format("POST", "/insights/engagement/totals", {
         ["Content-Type"] = "application/json",
         ["Authorization"] = 'OAuth oauth_consumer_key="bench",oauth_nonce="n",oauth_signature="s",'
            .. 'oauth_signature_method="HMAC-SHA1",oauth_timestamp="1",oauth_token="' .. 1000 + i .. '-abc",oauth_version="1.0"',
      }, body)
   end
end

function request()
   at = at % #requests + 1
   return requests[at]
end

function done(summary, latency)
   local errors = summary.errors
   io.write(string.format("%.0f %d\n", summary.requests / summary.duration * 1e6,
      errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
