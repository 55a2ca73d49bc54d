// SPDX-License-Identifier: MIT
// Tells headroom of each request to the Engagement API, from Node 18 or newer.
//
//     import { recording } from "./headroom.mjs";
//     const recorded = recording(fetch, { label: "dashboard" });
//     await recorded("https://data-api.twitter.com/insights/engagement/totals", { method: "POST", headers, body });
//
// HEADROOM_URL       where `headroom serve` listens, as https://events.example.com:8443
// HEADROOM_KEY       the API key of `headroom key add`
// HEADROOM_FALLBACK  the file that takes events while the endpoint is away; default: headroom-events.jsonl
// (NODE_EXTRA_CA_CERTS names a private CA to Node.)
//
// An event has its id and its time before it is first sent. So `headroom ingest headroom-events.jsonl` may be run again
// and again, also on events that did arrive.

import { randomUUID } from "node:crypto";
import { appendFile } from "node:fs/promises";

const causes = {
  unavailable_tweet_ids: "unavailable",
  unsupported_for_impressions_engagements_tweet_ids: "too_old",
  unsupported_for_video_views_tweet_ids: "too_old_video",
};

/** Sends an event, or keeps it in the file. Never fails because of the endpoint. */
export async function send(event) {
  try {
    const answer = await fetch(new URL("/v1/events", process.env.HEADROOM_URL), {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${process.env.HEADROOM_KEY}` },
      body: JSON.stringify(event),
      signal: AbortSignal.timeout(5000),
    });
    const text = await answer.text();
    if (answer.status === 202) return;
    console.error(`headroom answers ${answer.status}: ${text.slice(0, 500)}`);
  } catch (why) {
    console.error(`headroom can't be told: ${why.cause?.message ?? why.message}`);
  }
  await appendFile(process.env.HEADROOM_FALLBACK ?? "headroom-events.jsonl", JSON.stringify(event) + "\n");
}

function objectOf(text) {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

// An access token begins with its owner's user id; the token itself is not kept.
function who(authorization) {
  if (authorization.startsWith("Bearer ")) return { auth: "app" };
  return {
    app: authorization.match(/oauth_consumer_key="([^"]+)"/)?.[1],
    user_id: authorization.match(/oauth_token="(\d+)-/)?.[1],
  };
}

function asked(body) {
  const { tweet_ids: tweets, engagement_types: metrics } = objectOf(typeof body === "string" ? body : "");
  return {
    tweet_count: Array.isArray(tweets) ? tweets.length : undefined,
    metrics: Array.isArray(metrics) ? metrics : undefined,
  };
}

const number = (text) => (/^\d+$/.test(text ?? "") ? Number(text) : undefined);

async function told(answer) {
  const text = await answer.clone().text();
  const object = objectOf(text);
  const lists = Object.entries(causes).filter(([name]) => object[name]?.length > 0);
  const failed = lists.length > 0 ? Object.fromEntries(lists.map(([name, cause]) => [cause, object[name]])) : undefined;
  return {
    status: answer.status,
    outcome: answer.status === 200 && (failed || object.errors?.length > 0) ? "partial" : undefined,
    failed,
    bytes: Buffer.byteLength(text),
    rate_limit: number(answer.headers.get("x-per-minute-limit")),
    rate_remaining: number(answer.headers.get("x-per-minute-remaining")),
  };
}

/** A fetch that records. given: further fields of its events, as label, or handle where tokens name no user. */
export function recording(fetcher, given = {}) {
  return async (target, options = {}) => {
    const endpoint = String(target.url ?? target).match(/\/insights\/engagement\/(totals|28hr|historical)(?:$|[/?.])/)?.[1];
    if (!endpoint) return fetcher(target, options);
    const begun = Date.now();
    const authorization = new Headers(options.headers ?? target.headers).get("Authorization") ?? "";
    const event = {
      id: randomUUID(), time: new Date(begun).toISOString(), endpoint, ...who(authorization), ...asked(options.body), ...given,
    };
    try {
      const answer = await fetcher(target, options);
      event.latency_ms = Date.now() - begun;
      Object.assign(event, await told(answer));
      return answer;
    } catch (why) {
      event.outcome = "no_answer";
      throw why;
    } finally {
      await send(event);
    }
  };
}
