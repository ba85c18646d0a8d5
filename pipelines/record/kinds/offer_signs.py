"""Signs of a page that offers something instead of reporting on it: an address in a catalogue, statements of a product,
lines that are a price, forms that fill a cart, links dressed as buttons."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

from cleaners.tree import Tree

# The last part may follow: /products/red-kettle, /solutions, /p/4711.
_CATALOGUE: Final = re.compile(
    r"/(?:products?|prod|p|dp|items?|itm|shop|store|buy|sku|services?|solutions?|pricing|plans|features?|platform|about"
    r"|industries|programs?|membership|treatments?|practice-areas?|what-we-do|use-cases?|offerings?|demo|software"
    r"|capabilities|locations?|insurance|loans?|accounts?|banking|enterprise|customers?"
    r"|produkte?|produits?|productos?|prodotti|leistungen|dienstleistungen|servicios|servizi)(?:/|\.[a-z]+$|$)|-p-?\d+",
    re.IGNORECASE,
)
_CART_PHRASES: Final = (
    "ajouter au panier", "al carrito", "al carrello", "do koszyka", "в корзину", "カートに", "加入购物车",
)  # fmt: skip
_FILLS_A_CART: Final = re.compile(
    r"add[-_ ]?to[-_ ]?(?:the[-_ ]?)?(?:cart|bag|basket)|cart[-_/]?add|product[-_]form|buy[-_ ]?(?:now|box|button)"
    rf"|purchase|in[-_ ]den[-_ ]warenkorb|{'|'.join(_CART_PHRASES)}",
    re.IGNORECASE,
)
# The same on buttons that are links, whose only sign is what they say.
_SAYS_CART: Final = (
    *_CART_PHRASES, "add to cart", "add to bag", "add to basket", "buy now", "buy tickets", "in den warenkorb",
    "ao carrinho", "do košíka", "do košíku", "в кошик", "sepete ekle", "in winkelwagen", "i varukorgen", "læg i kurv",
    "kosárba", "în coș", "加入購物車", "放入購物車", "立即購買",
)  # fmt: skip
_CART_CHARS: Final = 30
_DIGIT: Final = re.compile(r"\d")
_LETTER: Final = r"[^\W\d_]"
_CURRENCY: Final = (
    r"(?:[A-Z]{0,3}\$|[€£¥₹₽₺₴₪₩฿₫₱円元원])"
    rf"|(?<!{_LETTER})(?:EUR|USD|GBP|CHF|PLN|RON|AED|SAR|BRL|CZK|SEK|NOK|DKK|HUF|JPY|CNY|INR"
    rf"|zł|Kč|kr|Ft|lei|руб|грн|TL|Rs)(?!{_LETTER})"
)
_AMOUNT: Final = r"\d[\d., \u00a0\u202f']{0,15}"
# A line that is a price, with a word or two around it at most: "from $1,299.00", "399 Kč each".
_IS_PRICE: Final = re.compile(
    rf"(?:\D{{0,18}}\s)?(?:(?:{_CURRENCY})\s?{_AMOUNT}(?!{_LETTER})|{_AMOUNT}(?:{_CURRENCY}))\D{{0,12}}", re.IGNORECASE
)
_PRICE_CHARS: Final = 40
_PRICE_META: Final = re.compile(
    r"(?:product:|og:)?(?:(?:sale_|original_)?price\b|availability$|retailer)", re.IGNORECASE
)
PRODUCT_TYPES: Final = frozenset({"product", "productgroup", "productmodel", "individualproduct"})
"""Types of schema.org for a thing that is sold."""
_LOOKS_LIKE_A_BUTTON: Final = re.compile(r"(?:^|[\s_-])(?:btn|button|cta)", re.IGNORECASE)
_NAMES: Final = ("class", "id", "name", "action", "value", "aria-label")


def is_in_a_catalogue(path: str) -> bool:
    """Whether an address's path has a part that holds products or services.

    >>> is_in_a_catalogue("/products/red-kettle"), is_in_a_catalogue("/news/products-of-the-year-are-here")
    (True, False)
    """
    return bool(_CATALOGUE.search(path))


def shows_a_price(lines: Iterable[str]) -> bool:
    """Whether one of the lines is a price.

    >>> shows_a_price(["Kettle", "from $1,299.00"]), shows_a_price(["It costs $40 and holds two litres of water"])
    (True, False)
    """
    short = (line for line in lines if len(line) <= _PRICE_CHARS and _DIGIT.search(line))
    return any(map(_IS_PRICE.fullmatch, short))


def offers_a_cart(lines: Iterable[str]) -> bool:
    """Whether one of the lines asks to put something into a cart, as a button or a link does."""
    short = "\n".join([line for line in lines if len(line) <= _CART_CHARS]).lower()
    return any(words in short for words in _SAYS_CART)


def states_product(tree: Tree) -> bool:
    """Whether microdata or a meta element describes something that is sold."""
    types = (
        tree.get(element, "itemtype").rstrip("/").rsplit("/", 1)[-1].lower() for element in tree.having("itemtype")
    )
    if not PRODUCT_TYPES.isdisjoint(types):
        return True
    names = (tree.get(meta, "property") or tree.get(meta, "name") for meta in tree.all("meta"))
    return any(_PRICE_META.match(name) for name in names)


def cart_elements(tree: Tree) -> int:
    """How many buttons, inputs and forms put something into a cart, by their names and labels."""
    elements = (element for tag in ("button", "input", "form") for element in tree.all(tag))
    named = ("\n".join([tree.get(element, name) for name in _NAMES]) for element in elements)
    return sum(map(bool, map(_FILLS_A_CART.search, named)))


def button_links(tree: Tree) -> int:
    """How many links are dressed as buttons by their classes: calls to do something, in any language."""
    labels = Counter(tree.get(link, "class") for link in tree.all("a"))  # a page's links have few different ones
    return sum(links for label, links in labels.items() if _LOOKS_LIKE_A_BUTTON.search(label))
