// Where this page is: what the server wrote on <body>.
const data = document.body.dataset;

/** The beginning of addresses of the server's own pages; empty without a prefix. */
export const root = data.root || "";
/** The beginning of addresses of this workspace's pages; empty for the default one. */
export const base = data.base || data.root || "";
/** What stands before `/api/2.0/mlflow/…` for this workspace. */
export const service = data.service || "";
export const workspace = data.workspace || "";
export const mayWrite = data.mayWrite === "yes";
/** The login of who looks; empty for nobody. */
export const person = data.person || "";
/** The beginning of addresses of assets. */
export const assets = data.assets || "";
