// ECharts, which is large: fetched once a chart needs it.
import { $, h } from "../core/dom.js";

let loading = null;

/** ECharts; null where it is not installed. Its address stands in `data-echarts` of the page. */
export function loadECharts() {
  loading ??= new Promise((resolve) => {
    const address = $("[data-echarts]")?.dataset.echarts;
    if (globalThis.echarts || !address) return resolve(globalThis.echarts ?? null);
    document.head.append(h("script", { src: address, onload: () => resolve(globalThis.echarts), onerror: () => resolve(null) }));
  });
  return loading;
}
