// SPDX-License-Identifier: MIT
// Node's clients of the event endpoint: with the CloudEvents SDK in FOLDER, or with the snippet.
//   node serve_client.mjs sdk FOLDER      node serve_client.mjs snippet URL HEADERS-JSON BODY
import { createRequire } from "node:module";

const [how, where, ...rest] = process.argv.slice(2);

async function post(message) {
  const answer = await fetch(`${process.env.HEADROOM_URL}/v1/events`, {
    method: "POST",
    headers: { ...message.headers, Authorization: `Bearer ${process.env.HEADROOM_KEY}` },
    body: message.body,
  });
  const { lines, title } = await answer.json();
  console.log(answer.status, (lines ?? []).map((line) => line.verdict).join(" ") || title);
}

if (how === "sdk") {
  const { CloudEvent, HTTP } = createRequire(`${where}/`)("cloudevents");
  const event = (id, user) =>
    new CloudEvent({
      id, source: "urn:sdk", type: "com.x.engagement.request", time: "2026-10-05T06:07:08.000Z", subject: user,
      data: { endpoint: "28hr", tweet_count: 3 },
    });
  await post(HTTP.structured(event("sdk-1", "501")));
  await post(HTTP.structured(event("sdk-1", "501")));
  const batch = [event("sdk-2", "502"), event("sdk-1", "501")];
  await post({ headers: { "content-type": "application/cloudevents-batch+json; charset=utf-8" }, body: JSON.stringify(batch) });
  await post(HTTP.binary(event("sdk-3", "503")));
} else {
  const { recording } = await import("../../scripts/snippets/headroom.mjs");
  const recorded = recording(fetch, { label: "node" });
  try {
    const answer = await recorded(where, { method: "POST", headers: JSON.parse(rest[0]), body: rest[1] });
    console.log(answer.status, (await answer.text()).length > 0);
  } catch (why) {
    console.log(why.message);
  }
}
