"""Patterns of the words by which shops name things, in the languages of the markets."""

from __future__ import annotations

from lens_rx.parsing.terms import load_alternation, load_pattern

_PACKAGE = "lens_rx.parsing.product"

#: Texts of the button that puts the thing in the cart, as a whole.
BUY = load_pattern(_PACKAGE, "buttons", "buy")
#: Texts of the button that leads to the seller, on pages that do not sell themselves.
CONTACT = load_pattern(_PACKAGE, "buttons", "contact seller")
#: Words beside an amount that is no price: delivery, instalments, what is paid monthly, savings, the old price.
SHIPPING = load_pattern(_PACKAGE, "amounts", "shipping")
INSTALMENT = load_pattern(_PACKAGE, "amounts", "instalment")
MONTHLY = load_pattern(_PACKAGE, "amounts", "month")
SAVING = load_pattern(_PACKAGE, "amounts", "saving")
BEFORE = load_pattern(_PACKAGE, "amounts", "before")
#: The words before an amount that is the old price only where a lower one stands beside it.
REGULAR = load_pattern(_PACKAGE, "amounts", "regular")
#: Words beside an amount for what may be bought with the thing: cover, service, assembly.
ADD_ON = load_pattern(_PACKAGE, "amounts", "add-on")
#: Words before an amount that is estimated or converted.
ABOUT = load_pattern(_PACKAGE, "amounts", "about")
#: The word for the price that stands before it, as a whole.
PRICE = load_pattern(_PACKAGE, "amounts", "price")
#: Words beside an amount that holds for one way of payment.
PAYMENT = load_pattern(_PACKAGE, "amounts", "payment")
#: Words beside a unit's price, and beside a price without tax.
PER_UNIT = load_pattern(_PACKAGE, "amounts", "per unit")
UNIT_PRICE = load_pattern(_PACKAGE, "amounts", "unit price")
WITH_TAX = load_pattern(_PACKAGE, "amounts", "with tax")
WITHOUT_TAX = load_pattern(_PACKAGE, "amounts", "without tax")
#: The word before the lowest of several prices, as a whole.
FROM = load_pattern(_PACKAGE, "amounts", "from")
#: Words beside an amount that only some buyers pay: card holders, subscribers, members.
CONDITIONAL = load_pattern(_PACKAGE, "amounts", "conditional")
#: Headings under which other things are offered.
RELATED = load_pattern(_PACKAGE, "headings", "related products")
#: Titles and headings of error pages for a missing page.
NOT_FOUND = load_pattern(_PACKAGE, "headings", "not found")
#: The menu item under which a shop lists the brands that it sells, as a whole text.
BRANDS_MENU = load_pattern(_PACKAGE, "headings", "brands menu")
#: The words before a brand in a byline ("Visit the … Store") and behind it, and texts that are no brand, as a whole.
BYLINE = load_alternation(_PACKAGE, "labels", "byline")
STORE = load_alternation(_PACKAGE, "labels", "store")
NO_BRAND = load_pattern(_PACKAGE, "labels", "no brand")
#: Controls and counts above a list of products, as whole texts.
SORT_OR_FILTER = load_pattern(_PACKAGE, "headings", "sort or filter")
RESULT_COUNT = load_pattern(_PACKAGE, "headings", "result count")
