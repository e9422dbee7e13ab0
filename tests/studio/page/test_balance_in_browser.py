"""White balance and the further sliders in a real browser: moved by keys and by a click, saved, suggested, lent."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from autohdr.sidecar import Document
from autohdr.sliders import FURTHER
from tests.runtime.review.in_browser import CONTRAST, NAMELESS
from tests.studio.opened import running
from tests.studio.page.test_loop_in_browser import LEARNT, document, learnt, opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

MINUS = "\N{MINUS SIGN}"
READY = "() => document.getElementById('progress').textContent === '16 photos'"
DRAWN = "() => document.getElementById('after').width > 1"
RED_BY_BLUE = """async () => {
  const { settingsOf } = await import("/page/edits.js"), { state } = await import("/page/store.js");
  const { Developer } = await import("/page/develop/index.js"), { bytes } = await import("/page/api.js");
  const developer = await Developer.create(), photo = state.photos.get(state.open);
  const scene = developer.load(await bytes(`/api/photos/${photo.id}/scene?size=256`));
  const canvas = new OffscreenCanvas(1, 1), context = canvas.getContext("2d");
  const ratio = (settings) => {
    developer.draw(scene, settings, context);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const sum = [0, 0];
    for (let i = 0; i < data.length; i += 4) { sum[0] += data[i]; sum[1] += data[i + 2]; }
    return sum[0] / sum[1];
  };
  const settings = settingsOf(photo);
  return [settings, { ...settings, temperature: null, tint: null }].map(ratio);
}"""
TEACH = """async (from) => {
  const { post } = await import("/page/api.js"), { put, state } = await import("/page/store.js");
  for (const [index, photo] of [...state.photos.values()].slice(0, 5).entries()) {
    const also = { Temperature: Math.round(photo.light[0] * 1.2) + 20 * index, Tint: 5, Texture: 10 + index };
    put([await post(`/api/photos/${photo.id}/edit`, { values: [0.1 * index, 5, -10, index, 0, 0, 3, 0], also })]);
  }
}"""
CHANGES = """async () => {
  const { settingsOf } = await import("/page/edits.js"), { state } = await import("/page/store.js");
  const { Developer } = await import("/page/develop/index.js"), { bytes } = await import("/page/api.js");
  const developer = await Developer.create(), photo = state.photos.get(state.open);
  const scene = developer.load(await bytes(`/api/photos/${photo.id}/scene?size=256`));
  const canvas = new OffscreenCanvas(1, 1), context = canvas.getContext("2d");
  const drawn = (also) => {
    const settings = settingsOf(photo, { values: state.sliders.map(() => 0), also });
    developer.draw(scene, { ...settings, rendition: "sdr" }, context);
    return context.getImageData(0, 0, canvas.width, canvas.height).data.join();
  };
  const resting = drawn({});
  return state.further.map(({ key, drawn: told }) => ({ key, drawn: told, changes: drawn({ [key]: 60 }) !== resting }));
}"""
NEWS = """async () => {
  const { put, state } = await import("/page/store.js");
  put([{ id: state.open, difference: 3 }]);
}"""
NO_LIGHT = """async () => {
  const { put, state } = await import("/page/store.js");
  put([{ id: state.open, light: null }]);
}"""


@pytest.fixture
def shown(browser: "Browser", unedited: Path, small_model: Path, tmp_path: Path) -> "Iterator[Page]":
    """The first photo of a shoot that nobody has edited, open."""
    with (
        running(unedited, small_model, tmp_path / "cache", open_page=False) as studio,
        opened(browser, studio.page.address) as page,
    ):
        page.wait_for_function(READY)
        open_photo(page, "IMG_0001.dng")
        yield page


def open_photo(page: "Page", name: str) -> None:
    page.locator(f".tile[aria-label^='{name}']").click()
    page.wait_for_function(DRAWN)


def value(page: "Page", slider: str) -> str:
    return page.locator(f".slider:has(#slider-{slider}) .value").input_value()


def as_shot(page: "Page") -> bool:
    return page.locator("#as-shot").get_attribute("aria-pressed") == "true"


def press(page: "Page", slider: str, *keys: str) -> None:
    page.locator(f"#slider-{slider}").focus()
    for key in keys:
        page.keyboard.press(key)


def save(page: "Page") -> None:
    name = page.locator("#look-name").inner_text()
    page.locator("#save").click()
    page.wait_for_function("(name) => document.getElementById('look-name').textContent !== name", arg=name)


def said(found: Document | None) -> list[str | None]:
    assert found is not None
    return [found.get(name) if found.has(name) else "-" for name in ("WhiteBalance", "Temperature", "Tint")]


def test_by_keys_the_picture_is_warmer_and_it_is_saved(shown: "Page", unedited: Path) -> None:
    before = (unedited / "IMG_0001.dng").read_bytes()
    resting = value(shown, "Temperature"), value(shown, "Tint")
    assert as_shot(shown)
    press(shown, "Temperature", *["Shift+ArrowRight"] * 4)
    assert not as_shot(shown)
    assert float(value(shown, "Temperature")) == float(resting[0]) + 2000
    after, unbalanced = shown.evaluate(RED_BY_BLUE)
    assert after > 1.05 * unbalanced
    press(shown, "Tint", "Delete")
    assert as_shot(shown)
    assert (value(shown, "Temperature"), value(shown, "Tint")) == resting
    after, unbalanced = shown.evaluate(RED_BY_BLUE)
    assert after == unbalanced
    typed = shown.locator(".slider:has(#slider-Temperature) .value")
    for nonsense in ("warm", " "):
        typed.fill(nonsense)
        typed.blur()
        assert value(shown, "Temperature") == resting[0]
        assert as_shot(shown)
    press(shown, "Temperature", "Shift+ArrowRight", "ArrowLeft")
    press(shown, "Tint", "ArrowRight")
    wanted = ["Custom", f"{float(resting[0]) + 450:.0f}", value(shown, "Tint").replace(MINUS, "-")]
    save(shown)
    assert said(document(unedited / "IMG_0001.dng")) == wanted
    shown.keyboard.press("Escape")
    open_photo(shown, "IMG_0001.dng")
    assert value(shown, "Temperature") == wanted[1]
    press(shown, "Temperature", "Delete")
    save(shown)
    assert said(document(unedited / "IMG_0001.dng")) == ["As Shot", "-", "-"]
    shown.keyboard.press("Escape")
    open_photo(shown, "IMG_0001.dng")
    shown.locator("#restore").click()
    shown.wait_for_function("(kelvin) => document.querySelector('#balance .value').value === kelvin", arg=wanted[1])
    shown.locator("#restore").click()
    shown.wait_for_function("() => document.getElementById('restore').disabled")
    assert (unedited / "IMG_0001.dng").read_bytes() == before


def test_a_spot_that_shall_be_grey(shown: "Page") -> None:
    shown.keyboard.press("w")
    assert shown.locator("#pick").get_attribute("aria-pressed") == "true"
    shown.evaluate(NEWS)
    assert shown.locator("#pick").get_attribute("aria-pressed") == "true", "news of the photo do not end it"
    shown.keyboard.press("Escape")
    assert shown.locator("#message").inner_text() == ""
    assert shown.locator("#pick").get_attribute("aria-pressed") == "false"
    assert shown.locator("#look").is_visible(), "Escape ends the picking alone"
    for place in range(1, 10):  # some are too dark
        if shown.locator("#pick").get_attribute("aria-pressed") == "false":
            shown.locator("#pick").click()
        box = shown.locator("#frame").bounding_box()
        assert box is not None
        shown.mouse.click(box["x"] + box["width"] * place / 10, box["y"] + box["height"] * 0.6)
        if not as_shot(shown):
            break
    assert not as_shot(shown)
    assert shown.locator("#pick").get_attribute("aria-pressed") == "false"
    assert shown.locator("#message").inner_text() == ""


def test_more_sliders_are_folded_and_say_what_is_not_shown(shown: "Page", unedited: Path) -> None:
    assert not shown.locator("#slider-Texture").is_visible()
    shown.locator("#more summary").click()
    press(shown, "Texture", "Shift+ArrowRight", "ArrowRight")
    press(shown, "ParametricLights", "ArrowLeft")
    assert f"Texture +11, Curve Lights {MINUS}1" in shown.locator("#more-set").inner_text()
    unseen = shown.locator(".slider:has-text('not shown in the picture')").all_inner_texts()
    assert [text.split("\n")[0] for text in unseen[:3]] == ["Texture", "Clarity", "Dehaze"]
    assert shown.evaluate(NAMELESS) == []
    assert shown.evaluate(CONTRAST) == []
    press(shown, "ParametricLights", "Delete")
    save(shown)
    found = document(unedited / "IMG_0001.dng")
    assert found is not None
    assert [found.get(name) for name in ("Texture", "ParametricLights")] == ["+11", "0"]
    assert not found.has("WhiteBalance"), "it was not moved"


def test_what_is_not_shown_is_marked(shown: "Page") -> None:
    """The table says of each slider whether it changes the picture, and it does so, or not."""
    found = {one["key"]: one for one in shown.evaluate(CHANGES)}
    assert list(found) == [slider.key for slider in FURTHER]
    assert {key: one["changes"] for key, one in found.items()} == {key: one["drawn"] for key, one in found.items()}


def test_a_label_brings_its_own_white_balance(shown: "Page") -> None:
    shown.keyboard.press("Escape")
    seen = learnt(shown)
    shown.evaluate(TEACH)
    shown.wait_for_function(LEARNT, arg=seen + 4)
    open_photo(shown, "IMG_0012.dng")
    suggested = value(shown, "Temperature"), value(shown, "Tint")
    assert not as_shot(shown)
    assert "±" in shown.locator(".slider:has(#slider-Temperature) .said").inner_text()
    assert shown.locator(".slider:has(#slider-Temperature) .doubt").is_visible()
    press(shown, "Temperature", "Delete")
    assert as_shot(shown)
    shown.locator("#slider-Temperature").dblclick()
    assert (value(shown, "Temperature"), value(shown, "Tint")) == suggested
    press(shown, "Temperature", "Delete")
    shown.locator("#label").click()
    assert (value(shown, "Temperature"), value(shown, "Tint")) == suggested
    shown.locator("#neighbour").click()
    assert value(shown, "Tint") == "+5", "as the photographer's own edit has it"
    assert "Texture +1" in (shown.locator("#more-set").text_content() or "")
    shown.keyboard.press("Escape")
    shown.locator("#write").click()
    shown.locator("#dialog-yes").click()
    shown.wait_for_function("() => document.getElementById('dialog-title').textContent === 'What would change'")
    assert "Temperature" in shown.locator("#dialog-body").inner_text()


def test_without_a_light_as_shot_it_says_why(shown: "Page") -> None:
    assert not shown.locator("#balance-note").is_visible()
    shown.evaluate(NO_LIGHT)
    assert "in what light" in shown.locator("#balance-note").inner_text()
    assert all(shown.locator(f"#slider-{key}").is_disabled() for key in ("Temperature", "Tint"))
    assert shown.locator("#pick").is_disabled()
