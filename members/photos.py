"""A photo of a person made safe: what comes in is only ever read as pixels, and what goes out is written anew."""

from __future__ import annotations

import io
import warnings
from typing import IO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

MOST_BYTES = 8_000_000
# Asked of the head of the file, before anything is decoded. A JPEG is decoded small; others are not.
MOST_MEGAPIXELS = {"JPEG": 60, "PNG": 25, "WEBP": 25}
LARGEST_SIDE = 800
FORMATS = tuple(MOST_MEGAPIXELS)


class PhotoProblem(ValueError):
    """Why a file can't be a photo here, in words for whoever sent it."""


def clean_photo(file: IO[bytes], size: int) -> bytes:
    """The same picture as a small WebP without any of the file's own data: no place, camera, name or comment.

    Only the kinds in `FORMATS` are read, whatever the file is called. Raises `PhotoProblem`.
    """
    if size <= 0:
        raise PhotoProblem(_("This file is empty. Choose another photo."))
    if size > MOST_BYTES:
        raise PhotoProblem(too_large())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(file.read(MOST_BYTES + 1)), formats=FORMATS)
            most = MOST_MEGAPIXELS.get(picture.format or "", min(MOST_MEGAPIXELS.values()))
            if picture.width * picture.height > most * 1_000_000:
                raise PhotoProblem(_too_many_pixels())
            picture.draft("RGB", (2 * LARGEST_SIDE, 2 * LARGEST_SIDE))
            return _webp(picture)
    except PhotoProblem:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as problem:
        raise PhotoProblem(_too_many_pixels()) from problem
    except Exception as problem:  # a damaged file may raise anything
        raise PhotoProblem(
            _("This is not a photo that we can read. Send a JPG, PNG or WebP file.")
        ) from problem


def too_large() -> str:
    """What is said of a file that is too large."""
    return _("This photo is too large: 8 MB is the most. Choose a smaller one.")


def _too_many_pixels() -> str:
    return _("This photo has too many pixels to be read here. Make it smaller, or take another one.")


def _webp(picture: Image.Image) -> bytes:
    see_through = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    mode = "RGBA" if see_through else "RGB"
    if picture.mode == "P":  # made smaller by its colours, not by their numbers
        picture = picture.convert(mode)
    picture.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    pixels = ImageOps.exif_transpose(picture).convert(mode)
    bare = Image.new(mode, pixels.size)
    bare.paste(pixels)
    out = io.BytesIO()
    bare.save(out, "WEBP", quality=82, method=4, exif=b"", xmp=b"", icc_profile=b"")
    return out.getvalue()
