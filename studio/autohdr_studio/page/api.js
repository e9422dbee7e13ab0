/** Talks to the studio's server. Everything that fails does so with one sentence. */

async function asked(path, options = {}) {
  let answer;
  try {
    answer = await fetch(path, { credentials: "same-origin", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error("The studio does not answer; start it again with autohdr studio.");
  }
  if (answer.ok) return answer;
  let sentence = `The studio answered ${answer.status}.`;
  try {
    sentence = (await answer.json()).error ?? sentence;
  } catch { /* no JSON: the status has to do */ }
  throw new Error(sentence);
}

export const get = async (path) => (await asked(path)).json();

export const bytes = async (path, signal) => (await asked(path, { signal })).arrayBuffer();

export async function post(path, body) {
  const headers = { "Content-Type": "application/json", "X-Autohdr": "1" };
  return (await asked(path, { method: "POST", headers, body: JSON.stringify(body) })).json();
}

/** Calls `handlers[type](data)` for what the server tells, and `onOpen` when it begins to; asks again by itself when the line breaks. */
export function listen(handlers, onOpen, onBreak) {
  const source = new EventSource("/api/events");
  for (const [type, handler] of Object.entries(handlers)) {
    source.addEventListener(type, (event) => handler(JSON.parse(event.data)));
  }
  source.addEventListener("open", onOpen);
  source.addEventListener("error", onBreak);
  return source;
}
