"""What a page shows of its own progress: its size, and whether it marks itself as still loading."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

#: A page marks what is still to come: `aria-busy` on a part that will be filled, a visible progress bar at the end
#: of a list that goes on. Hidden ones are kept for later.
_STATE = """results => {
  const all = document.getElementsByTagName('*').length;
  if (!results || !document.body) return [location.href, document.readyState, all, 0, 0, false, false];
  const shown = element => element.checkVisibility({visibilityProperty: true});
  const marks = [...document.querySelectorAll('[aria-busy=true], [role=progressbar]')];
  const end = document.querySelector('[role=contentinfo], footer');
  let pictures = 0;
  for (const image of document.images) pictures += (image.getAttribute('src') || '').length;
  return [location.href, document.readyState, all, pictures, document.querySelectorAll(results).length,
    marks.some(shown), !!end && shown(end)];
}"""


@dataclass(frozen=True, slots=True)
class ResultMarks:
    """How the completeness of a page of results is told: the selector of a result, and whether an entry is whole."""

    selector: str
    is_whole: Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class PageState:
    """The page at one moment; two equal ones mean that nothing changed.

    `pictures` is the summed length of the addresses of its images. `results`, `pictures`, `is_busy` (it marks
    something as still to come) and `has_end` (its footer is there) are read only with `ResultMarks`.
    """

    url: str
    ready: str
    elements: int
    pictures: int = 0
    results: int = 0
    is_busy: bool = False
    has_end: bool = False


def state_call(marks: ResultMarks | None) -> tuple[str, str]:
    """Return the JavaScript function that reads a page's state, and its argument."""
    return _STATE, marks.selector if marks else ""
