"""Makes the small font files of the site and the report from the packages that hold the whole fonts (both OFL)."""

from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

from collectievekracht.local import paths

WEB = paths.CHECKOUT / "static" / "build" / "fonts"
PDF = paths.CHECKOUT / "static" / "build" / "pdf-fonts"

LATIN = [*range(0x20, 0x7F), *range(0xA0, 0x180), 0x218, 0x219, 0x21A, 0x21B, 0x1E9E]
PUNCTUATION = [
    *range(0x2010, 0x2016),
    *range(0x2018, 0x201F),
    0x2022,
    0x2026,
    0x202F,
    0x2032,
    0x2033,
    0x2039,
    0x203A,
]
SIGNS = [0x20AC, 0x2122, 0x2190, 0x2191, 0x2192, 0x2193, 0x2212, 0x2248, 0x2260, 0x2264, 0x2265, 0x2713]
# The PDF has no font of the reader's to fall back on: names in Greek, Cyrillic and Vietnamese too.
FURTHER = [*range(0x180, 0x250), *range(0x370, 0x400), *range(0x400, 0x460), *range(0x1E00, 0x1F00)]
FEATURES = ["kern", "liga", "locl", "ccmp", "mark", "mkmk", "lnum", "tnum", "pnum"]


@dataclass(frozen=True)
class Face:
    """A font of the design: the axes that it keeps on the web, and the weights that the PDF has, a file each."""

    name: str
    package: str
    file: str
    axes: dict[str, float | tuple[float, float]]
    weights: tuple[int, ...]


FACES = (
    Face(
        "bricolage-grotesque",
        "fontpkg-bricolage-grotesque",
        "BricolageGrotesque[opsz,wdth,wght].ttf",
        {"opsz": 48, "wdth": 100, "wght": (400, 800)},
        (700,),
    ),
    Face("source-sans-3", "fontpkg-source-sans-3", "SourceSans3[wght].ttf", {"wght": (400, 700)}, (400, 600)),
)


def build() -> None:
    """Write each font that is missing, or older than this file or its package."""
    for face in FACES:
        mark = WEB / f".{face.name}-{version(face.package)}"
        web, *pdf = (
            WEB / f"{face.name}.woff2",
            *(PDF / f"{face.name}-{weight}.ttf" for weight in face.weights),
        )
        made = (web, *pdf, mark)
        if all(file.exists() and file.stat().st_mtime > Path(__file__).stat().st_mtime for file in made):
            continue
        for folder in (WEB, PDF):
            folder.mkdir(parents=True, exist_ok=True)
        _write(face, web, [*LATIN, *PUNCTUATION, *SIGNS], "woff2", face.axes)
        # A file per weight: a variable font would be instanced anew for every PDF.
        for weight, target in zip(face.weights, pdf, strict=True):
            _write(face, target, [*LATIN, *PUNCTUATION, *SIGNS, *FURTHER], None, face.axes | {"wght": weight})
        mark.touch()


def _write(
    face: Face,
    target: Path,
    unicodes: list[int],
    flavor: str | None,
    axes: dict[str, float | tuple[float, float]],
) -> None:
    source = files(face.package.replace("-", "_")).joinpath("files", face.file)
    options = subset.Options(layout_features=FEATURES, flavor=flavor, name_IDs=["*"], notdef_outline=True)
    with source.open("rb") as opened:
        font = TTFont(opened, lazy=False)
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=unicodes)
        subsetter.subset(font)
        font = instancer.instantiateVariableFont(font, axes)
    unfinished = target.with_suffix(".new")
    subset.save_font(font, str(unfinished), options)
    unfinished.replace(target)
