"""What a page owes to every reader, measured in the page: names, contrast, focus, width."""

from playwright.async_api import Page

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

UNNAMED = """
() => [...document.querySelectorAll('button, a, input, select, textarea, summary, [role]')]
  .filter((one) => one.checkVisibility() && !one.closest('[aria-hidden=true]'))
  .filter((one) => !['status', 'alert', 'none'].includes(one.getAttribute('role')))
  .filter((one) => !one.ariaLabel && !one.innerText?.trim()
      && ![...(one.labels ?? [])].some((label) => label.textContent.trim()))
  .map((one) => one.outerHTML.slice(0, 80))
"""

# WCAG 2.2, 1.4.3: 4.5 to 1, or 3 to 1 for large text; what is disabled is exempt.
FAINT = """
() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, under) => top.slice(0, 3)
    .map((each, n) => each * top[3] + under[n] * (1 - top[3]));
  const ground = (one) => {
    if (!one) return [255, 255, 255];
    const own = rgba(getComputedStyle(one).backgroundColor);
    return own[3] === 1 ? own.slice(0, 3) : over(own, ground(one.parentElement));
  };
  const light = (colour) => colour.map((each) => each / 255)
    .map((each) => each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4)
    .reduce((sum, each, n) => sum + each * [0.2126, 0.7152, 0.0722][n], 0);
  const ratio = (one) => {
    const under = ground(one);
    const [a, b] = [light(over(rgba(getComputedStyle(one).color), under)), light(under)];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
  const needed = (one) => {
    const { fontSize, fontWeight } = getComputedStyle(one);
    return parseFloat(fontSize) >= (fontWeight >= 700 ? 18.66 : 24) ? 3 : 4.5;
  };
  const speaks = (one) => [...one.childNodes]
    .some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  return [...document.body.querySelectorAll('*')]
    .filter((one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    .filter((one) => speaks(one) && !one.closest(':disabled, noscript, .hidden'))
    .filter((one) => ratio(one) < needed(one))
    .map((one) => `${ratio(one).toFixed(2)} ${one.outerHTML.slice(0, 80)}`);
}
"""

FOCUSED = """
() => {
  const one = document.activeElement;
  const ringed = [one, one.firstElementChild].some((each) => each
    && getComputedStyle(each).outlineStyle !== 'none'
    && parseFloat(getComputedStyle(each).outlineWidth) >= 2);
  const { x, y, right, bottom } = one.getBoundingClientRect();
  const seen = right > 0 && bottom > 0 && x < innerWidth && y < innerHeight;
  return { what: one.dataset.testid || one.id || one.className, ringed, seen };
}
"""


async def tab_stops(page: Page, count: int) -> list[dict[str, object]]:
    """Where the Tab key leads from the top of the page, and whether one can see it there."""
    stops = []
    for _ in range(count):
        await page.keyboard.press("Tab")
        stops.append(await page.evaluate(FOCUSED))
    return stops
