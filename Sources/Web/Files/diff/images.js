// Two pictures: side by side, swiped, one through the other, and subtracted.
import { $, $$, h } from "../core/dom.js";

const MODES = [["side", "Side by side"], ["swipe", "Swipe"], ["onion", "Onion skin"], ["difference", "Difference"]];

class ImageDiff {
  constructor(element) {
    this.element = element;
    [this.before, this.now] = $$("img", element);
    this.stage = h("div", { class: "image-stage", hidden: true });
    this.range = h("input", { type: "range", min: 0, max: 100, value: 50, hidden: true, oninput: () => this.move() });
    this.range.setAttribute("aria-label", "How much of the new picture is seen");
    this.tabs = h("div", { class: "toggle", role: "group", "aria-label": "How the pictures are compared" },
      MODES.map(([mode, label]) => h("button", { type: "button", class: "button small", "aria-pressed": "false", "data-mode": mode, onclick: () => this.show(mode) }, label)));
    this.told = h("p", { class: "quiet small", role: "status" });
    element.before(this.tabs);
    element.after(this.stage, this.range, this.told);
    // Pictures far below are loaded once they are near.
    for (const image of [this.before, this.now]) image.addEventListener("load", () => { if (this.mode === "side") this.told.textContent = this.sizes(); });
    this.show("side");
  }

  show(mode) {
    for (const tab of this.tabs.children) tab.setAttribute("aria-pressed", String(tab.dataset.mode === mode));
    this.mode = mode;
    this.element.hidden = mode !== "side";
    this.stage.hidden = mode === "side";
    this.range.hidden = mode !== "swipe" && mode !== "onion";
    this.told.textContent = this.sizes();
    if (mode === "side") return;
    this.stage.replaceChildren();
    if (mode === "difference") return this.subtract();
    this.upper = h("div", { class: "image-upper" }, this.now.cloneNode());
    this.stage.append(this.before.cloneNode(), this.upper);
    for (const image of $$("img", this.stage)) image.loading = "eager";
    this.move();
  }

  sizes() {
    if (this.before.naturalWidth === 0 || this.now.naturalWidth === 0) return "";
    const size = (image) => `${image.naturalWidth} × ${image.naturalHeight}`;
    const [old, now] = [size(this.before), size(this.now)];
    return old === now ? now : `${old} before, ${now} now`;
  }

  move() {
    const part = Number(this.range.value);
    if (this.mode === "swipe") {
      this.upper.style.clipPath = `inset(0 0 0 ${part}%)`;
      this.upper.style.opacity = "1";
    } else {
      this.upper.style.clipPath = "none";
      this.upper.style.opacity = String(part / 100);
    }
  }

  async subtract() {
    await Promise.all([this.before, this.now].map((image) => { image.loading = "eager"; return image.decode(); }));
    const width = Math.min(4_000, Math.max(this.before.naturalWidth, this.now.naturalWidth));
    const height = Math.min(4_000, Math.max(this.before.naturalHeight, this.now.naturalHeight));
    const canvas = h("canvas", { width, height, role: "img", "aria-label": "What differs between the pictures" });
    const context = canvas.getContext("2d", { willReadFrequently: true });
    const pixelsOf = (image) => {
      context.clearRect(0, 0, width, height);
      context.drawImage(image, 0, 0);
      return context.getImageData(0, 0, width, height);
    };
    const [old, now] = [pixelsOf(this.before), pixelsOf(this.now)];
    let changed = 0;
    for (let place = 0; place < old.data.length; place += 4) {
      let isSame = true;
      for (let channel = 0; channel < 4; channel++) if (old.data[place + channel] !== now.data[place + channel]) isSame = false;
      if (!isSame) changed += 1;
      for (let channel = 0; channel < 3; channel++) now.data[place + channel] = Math.abs(old.data[place + channel] - now.data[place + channel]);
      now.data[place + 3] = 255;
    }
    context.putImageData(now, 0, 0);
    this.stage.replaceChildren(canvas);
    const percent = (100 * changed) / (width * height);
    this.told.textContent = `${changed} of ${width * height} pixels differ (${percent < 0.1 && changed ? "less than 0.1" : percent.toFixed(1)} %)`;
  }
}

for (const element of $$("[data-image-diff]")) if ($$("img", element).length === 2) new ImageDiff(element);
