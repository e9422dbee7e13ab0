"""What hinders somebody who uses a page by keys, with a screen reader, or enlarged: found in the page as it is."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

_SEEN = """
  const controls = 'button, select, input, summary, a[href], [tabindex="0"]';
  const top = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
  const named = (one) => one.id || one.ariaLabel || one.textContent.trim().slice(0, 30) || one.tagName;
  const seen = (one) => one.checkVisibility({ visibilityProperty: true }) && one.getClientRects().length;
  const shown = (one) => {
    let { left, top, right, bottom } = one.getBoundingClientRect();
    for (let of = one.parentElement; of; of = of.parentElement) {
      if (getComputedStyle(of).overflowY === "visible") continue;
      const box = of.getBoundingClientRect();
      [left, top] = [Math.max(left, box.left), Math.max(top, box.top)];
      [right, bottom] = [Math.min(right, box.right), Math.min(bottom, box.bottom)];
    }
    return { left, top, right, bottom };
  };
  const all = [...top.querySelectorAll(controls)].filter(seen);
"""
SMALL = f"""() => {{ {_SEEN}
  return all.map((one) => {{
    const label = one.type === "radio" || one.type === "checkbox" ? one.closest("label") : null;
    const box = (label ?? one).getBoundingClientRect();
    return [named(one), Math.round(box.width), Math.round(box.height)];
  }}).filter(([, width, height]) => width < 24 || height < 24);
}}"""
"""Controls that are smaller than 24 x 24 pixels (WCAG 2.2, 2.5.8): name, width, height."""
CUT = f"""() => {{ {_SEEN}
  const found = [];
  if (document.documentElement.scrollWidth > innerWidth) found.push("the page is wider than the window");
  for (const one of top.querySelectorAll("button, h1, h2, h3, p, label, summary, dd, dt, th, td")) {{
    if (!seen(one) || one.closest(".tile, #near")) continue;
    if (one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== "inline") {{
      found.push(`${{named(one)}} is cut off`);
    }}
    const box = one.getBoundingClientRect();
    if (box.left < -1 || box.right > innerWidth + 1) found.push(`${{named(one)}} is beside the window`);
  }}
  return found;
}}"""
"""Texts and controls that are cut off, or beside the window."""
OVERLAPPING = f"""() => {{ {_SEEN}
  const found = [], boxes = all.filter((one) => one.id !== "divider").map((one) => [one, shown(one)]);
  for (const [k, [one, a]] of boxes.entries()) for (const [other, b] of boxes.slice(k + 1)) {{
    if (one.contains(other) || other.contains(one)) continue;
    const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (across > 1 && down > 1) found.push(`${{named(one)}} and ${{named(other)}}`);
  }}
  return found;
}}"""
"""Controls that lie upon each other."""
_FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const style = getComputedStyle(one), drawn = (of) => of.outlineStyle !== "none" && parseFloat(of.outlineWidth) >= 1;
  const line = one.id === "divider" ? getComputedStyle(document.getElementById("line")) : style;
  const box = one.getBoundingClientRect();
  const within = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return [one.id || one.ariaLabel || one.textContent.trim().slice(0, 30) || one.tagName, drawn(line), within];
}"""


def tabbed(page: "Page", most: int = 120) -> list[tuple[str, bool, bool]]:
    """What Tab leads to, until it comes around: name, whether the focus is seen, whether it is in view."""
    found: list[tuple[str, bool, bool]] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        now = page.evaluate(_FOCUSED)
        if now is None or (found and now[0] == found[0][0]):
            return found
        found.append((now[0], now[1], now[2]))
    raise AssertionError(f"Tab never comes around: {[name for name, *_ in found]}")


def spoken(page: "Page") -> list[dict[str, Any]]:
    """What a screen reader is told of all that can have the focus: role, name, value."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    found = []
    for node in nodes:
        properties = {one["name"]: one["value"].get("value") for one in node.get("properties", [])}
        if node.get("ignored") or not properties.get("focusable"):
            continue
        told = {key: node.get(key, {}).get("value", "") for key in ("role", "name", "value")}
        found.append({**told, "text": properties.get("valuetext", "")})
    return found
