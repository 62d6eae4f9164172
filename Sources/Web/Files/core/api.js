// Asks this server; what goes wrong is an Error with the server's own words.
import { person, root, service } from "./place.js";
import { toast } from "./toast.js";

export class ServerError extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** One request; `body` is sent as JSON. */
export async function ask(method, address, body, { signal } = {}) {
  const response = await fetch(address, {
    method,
    signal,
    headers: { Accept: "application/json", "X-Roost-Request": "page", ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  let json = null;
  try { json = text ? JSON.parse(text) : null; } catch { /* An answer that is no JSON is told by its status. */ }
  if (!response.ok) throw new ServerError(response.status, json?.error_code ?? "", messageOf(response.status, json));
  return json;
}

/** What the server says; of one's own session, whose page knows a better word than that for programs. */
function messageOf(status, json) {
  if (hasSessionEnded({ status })) return "Your session has ended.";
  return json?.message ?? `The server answered ${status}.`;
}

/** Whether the server does not know any more who looks at a page that it has shown to somebody. */
export const hasSessionEnded = (error) => error.status === 401 && person !== "";

/** Where one signs in again, and comes back to this page. */
export const signInAddress = () => `${root}/login?return_to=${encodeURIComponent(location.pathname + location.search)}`;

/** Tells the person what went wrong. */
export function tellFailure(error) {
  toast(error.message, { bad: true, link: hasSessionEnded(error) ? { text: "Sign in again", address: signInAddress() } : null });
}

/** A call of MLflow's service of this workspace, such as `mlflow("POST", "runs/update", {…})`. */
export function mlflow(method, path, fields = {}, options) {
  const address = `${service}/ajax-api/2.0/mlflow/${path}`;
  if (method !== "GET") return ask(method, address, fields, options);
  return ask("GET", `${address}?${new URLSearchParams(fields)}`, undefined, options);
}

/** Does something and tells the person when it fails; returns whether it was done. */
export async function attempt(act) {
  try {
    await act();
    return true;
  } catch (error) {
    if (error.name !== "AbortError") tellFailure(error);
    return false;
  }
}
