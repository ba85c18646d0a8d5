"""Finds out which addresses are of one picture in several sizes, by leaving the size out of the address."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qsl, urlsplit

# Query parameters that say how a picture is cropped, scaled and packed. Source: manuals of imgix, Cloudinary, Fastly,
# Akamai, Cloudflare and WordPress (Photon).
_SHAPE: Final = frozenset(
    """w h width height size s sz quality q fit crop auto format fm resize resizing dpr scale rect ar strip ssl zoom max
    maxwidth maxheight mw mh gravity g sharp im impolicy downsize output-quality output-format interpolation op blur bg
    optimize precrop smart disable upscale trim enable v ver version t ts cb hash sig signature token
    expires itok""".split()
)
_SIZE_IN_NAME: Final = re.compile(
    r"[-_.@](?:\d{2,4}[xX×]\d{2,4}(?:_c)?|[wh]\d{2,4}|\d{3,4}(?:px|w|h)|scaled|large|medium|small|thumb(?:nail)?"
    r"|\d(?:\.\d)?x|orig(?:inal)?)(?=[-_.@]|$)",
    re.IGNORECASE,
)
_SIZE_FOLDER: Final = re.compile(
    r"^(?:\d{2,4}[xX×]\d{2,4}|\d{2,4}(?:px|w)|[a-z]{1,2}_[\w.:-]+(?:,[a-z]{1,3}_[\w.:-]+)*|(?:width|height|w|h|size|quality|q)"
    r"[-_=:]?\d+|thumb(?:s|nails?)?|large|medium|small|original|resize[d]?|crop|fit-in|smart)$",
    re.IGNORECASE,
)
_ENDING: Final = re.compile(r"\.(?:jpe?g|png|webp|avif|gif)$", re.IGNORECASE)


def picture_key(url: str) -> str:
    """A key that all addresses of one picture in different sizes share.

    >>> picture_key("https://a.example/up/wall-1024x683.jpg?w=600") == picture_key("https://a.example/up/wall.webp")
    True
    >>> picture_key("https://a.example/image?id=3") == picture_key("https://a.example/image?id=4")
    False
    """
    parts = urlsplit(url)
    *folders, name = parts.path.split("/")
    name = _SIZE_IN_NAME.sub("", _ENDING.sub("", name))
    kept = [folder for folder in folders if not _SIZE_FOLDER.match(folder)]
    asked = sorted((key, value) for key, value in parse_qsl(parts.query) if key.lower() not in _SHAPE)
    return "/".join((*kept, name)) + "?" + "&".join(f"{key}={value}" for key, value in asked)
