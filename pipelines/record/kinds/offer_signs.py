"""Signs of a page that offers something instead of reporting on it: an address in a catalogue, forms that fill a cart,
links dressed as buttons."""

from __future__ import annotations

import re
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
_FILLS_A_CART: Final = re.compile(
    r"add[-_ ]?to[-_ ]?(?:the[-_ ]?)?(?:cart|bag|basket)|cart[-_/]?add|product[-_]form|buy[-_ ]?(?:now|box|button)"
    r"|purchase|in[-_ ]den[-_ ]warenkorb|ajouter au panier|al carrito|al carrello|do koszyka"
    r"|в корзину|カートに|加入购物车",
    re.IGNORECASE,
)
_LOOKS_LIKE_A_BUTTON: Final = re.compile(r"(?:^|[\s_-])(?:btn|button|cta)", re.IGNORECASE)
_NAMES: Final = ("class", "id", "name", "action", "value", "aria-label")


def is_in_a_catalogue(path: str) -> bool:
    """Whether an address's path has a part that holds products or services.

    >>> is_in_a_catalogue("/products/red-kettle"), is_in_a_catalogue("/news/products-of-the-year-are-here")
    (True, False)
    """
    return bool(_CATALOGUE.search(path))


def cart_elements(tree: Tree) -> int:
    """How many buttons, inputs and forms put something into a cart, by their names and labels."""
    elements = (element for tag in ("button", "input", "form") for element in tree.all(tag))
    return sum(any(_FILLS_A_CART.search(tree.get(element, name)) for name in _NAMES) for element in elements)


def button_links(tree: Tree) -> int:
    """How many links are dressed as buttons by their classes: calls to do something, in any language."""
    return sum(bool(_LOOKS_LIKE_A_BUTTON.search(tree.get(link, "class"))) for link in tree.all("a"))
