// Parts of others that a page turns out to need: each is loaded once, and only where it is installed.
const loading = new Map();

function once(address, make) {
  if (!loading.has(address)) loading.set(address, new Promise((done, failed) => {
    const element = make();
    element.addEventListener("load", done);
    element.addEventListener("error", () => failed(new Error(`${address} could not be loaded.`)));
    document.head.append(element);
  }));
  return loading.get(address);
}

const script = (address) => once(address, () => Object.assign(document.createElement("script"), { src: address }));
const style = (address) => once(address, () => Object.assign(document.createElement("link"), { rel: "stylesheet", href: address }));

/** highlight.js with the colours of its classes; null where it is not there. */
export async function highlighter() {
  const address = document.body.dataset.highlighter;
  if (!address) return null;
  await Promise.all([script(address), style(new URL("colours.css", import.meta.url).href)]);
  return window.hljs;
}

/** KaTeX with its style; null where it is not there. */
export async function formulas() {
  const address = document.body.dataset.formulas;
  if (!address) return null;
  await Promise.all([script(address), style(address.replace(/\.js$/, ".css"))]);
  return window.katex;
}
