"""D: whatever is sent as a photo is refused, or written anew from its pixels: nothing of the file itself is kept."""

import io
import struct
import zipfile
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from collectievekracht.common import storage
from members.models import PersonalProfile
from tests.factories.members import UserFactory

GPS = {1: "N", 2: (52.0, 30.0, 45.0), 3: "E", 4: (6.0, 5.0, 40.0)}
SCRIPT = b"<html><script>alert(document.domain)</script></html>"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def picture(kind="PNG", size=(60, 40), **options):
    out = io.BytesIO()
    Image.new("RGB", size, (20, 120, 90)).save(out, kind, **options)
    return out.getvalue()


def with_place():
    """A JPEG that tells where it was taken, with which camera, lying on its side."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112], exif[0x9286] = "Cameramerk", "Model 7", 6, "Bij oma thuis"
    exif.get_ifd(0x8825).update(GPS)
    return picture("JPEG", exif=exif, comment=b"Bij oma thuis")


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def many_pixels(width=20_000, height=10_000):
    """A PNG of 200 megapixels in a few hundred kilobytes."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 24_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def zip_bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("0", b"\0" * 50_000_000)
    return out.getvalue()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
# What is sent: its name, the type that the browser says, what is in it, and whether it becomes a photo.
SENT = {
    "polyglot PNG and HTML": ("foto.png", "image/png", lambda: picture() + SCRIPT, True),
    "SVG with a script": ("foto.svg", "image/svg+xml", lambda: SVG, False),
    "zip bomb": ("foto.png", "image/png", zip_bomb, False),
    "100 MB": ("foto.jpg", "image/jpeg", lambda: picture("JPEG") + b"\0" * 100_000_000, False),
    "wrong extension": ("foto.jpg", "image/jpeg", lambda: b"MZ\x90\0" + b"\0" * 2000, False),
    "EXIF with a place": ("foto.jpg", "image/jpeg", with_place, True),
    "200 megapixels": ("foto.png", "image/png", many_pixels, False),
    "a name that leads elsewhere": ("../../x", "image/png", picture, True),
    "double extension": ("foto.php.png", "application/x-php", picture, True),
    "0 bytes": ("foto.png", "image/png", lambda: b"", False),
    "EICAR": ("foto.jpg", "image/jpeg", lambda: EICAR, False),
}


@pytest.fixture
def store(settings, tmp_path, monkeypatch):
    """A private store that is empty."""
    monkeypatch.setattr(storage, "private_storage", storage.PrivateFiles(location=str(tmp_path / "private")))
    return tmp_path / "private"


def files(store):
    return [path for path in store.rglob("*") if path.is_file()]


def send(client, name, content_type, content):
    return client.post("/mijn/profiel/foto/", {"photo": SimpleUploadedFile(name, content, content_type)})


def is_clean(content):
    """Whether this is a small WebP of pixels only."""
    image = Image.open(io.BytesIO(content), formats=["WEBP"])
    bare = not image.getexif() and not {"exif", "xmp", "icc_profile", "comment"} & set(image.info)
    words = (b"script", b"oma", b"Cameramerk", b"EXIF", b"XMP")
    return bare and max(image.size) <= 800 and not any(word in content for word in words)


@pytest.mark.django_db(transaction=True)
def test_d10_what_is_sent_as_a_photo(client, store, table):
    person = UserFactory(name="Anna")
    client.force_login(person)
    outcome, wrong, exif_left = {}, [], 0
    for what, (name, content_type, make, becomes) in SENT.items():
        client.post("/mijn/profiel/foto/", {"act": "remove"})
        assert files(store) == []
        answer = send(client, name, content_type, make())
        if becomes:
            profile = PersonalProfile.objects.get(user=person)
            served = client.get(f"/mensen/{profile.handle}/foto/")
            kept = files(store)
            fine = (
                answer.status_code == 302
                and is_clean(served.content)
                and served["Content-Type"] == "image/webp"
                and served["X-Content-Type-Options"] == "nosniff"
                and served["Content-Disposition"].startswith("attachment")
                and [path.suffix for path in kept] == [".webp"]
                and kept[0].parent.name == "photos"
                and "foto" not in kept[0].stem
            )
            exif_left += bool(Image.open(io.BytesIO(served.content)).getexif())
            outcome[what] = "re-encoded"
        else:
            text = answer.content.decode()
            fine = answer.status_code == 200 and "data-error-summary" in text and files(store) == []
            outcome[what] = "refused"
        wrong += [] if fine else [what]
    table.add(
        "D10",
        f"{len(SENT)} files sent as a photo",
        seen=f"{len(SENT) - len(wrong)} refused or re-encoded ({', '.join(f'{a}: {b}' for a, b in outcome.items())});"
        f" {exif_left} EXIF left; served as image/webp with nosniff and attachment {wrong or ''}",
        must=f"{len(SENT)} refused or re-encoded, 0 EXIF left",
        holds=not wrong and not exif_left and len(SENT) == 11,
    )


@pytest.mark.django_db
def test_too_many_pixels_are_refused_before_any_is_decoded(client, store, monkeypatch):
    client.force_login(UserFactory())
    decoded = []
    monkeypatch.setattr(Image.Image, "load", lambda self: decoded.append(self.size))
    for width, height in ((20_000, 10_000), (5_001, 5_000), (65_535, 65_535), (2**31 - 1, 1)):
        answer = send(client, "foto.png", "image/png", many_pixels(width, height))
        assert (answer.status_code, files(store)) == (200, [])
    assert decoded == []


@pytest.mark.django_db
def test_a_photo_on_its_side_is_put_upright_and_made_small(client, store):
    person = UserFactory()
    client.force_login(person)
    exif = Image.Exif()
    exif[0x0112] = 6
    send(client, "foto.jpg", "image/jpeg", picture("JPEG", size=(2000, 1000), exif=exif))
    image = Image.open(io.BytesIO(storage.read(PersonalProfile.objects.get(user=person).photo)))
    assert image.size == (400, 800)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        (kind, mode)
        for kind, modes in {
            "JPEG": ["RGB", "L", "CMYK", "1"],
            "PNG": ["RGB", "L", "P", "RGBA", "LA", "1", "I;16"],
            "WEBP": ["RGB", "L", "P", "RGBA", "LA", "CMYK", "1", "I;16"],
        }.items()
        for mode in modes
    ],
)
def test_every_kind_of_picture_that_can_be_made_is_read(client, store, kind, mode):
    out = io.BytesIO()
    Image.new(mode, (30, 20)).save(out, kind)
    person = UserFactory()
    client.force_login(person)
    assert send(client, "foto", "image/x", out.getvalue()).status_code == 302
    assert is_clean(storage.read(PersonalProfile.objects.get(user=person).photo))


@pytest.mark.django_db
def test_damaged_files_are_refused_kindly(client, store):
    client.force_login(UserFactory())
    whole = {kind: picture(kind, size=(300, 200)) for kind in ("JPEG", "PNG", "WEBP")}
    for kind, content in whole.items():
        for damaged in (content[:20], content[:-40], content[:50] + b"\xff" * 40 + content[90:]):
            answer = send(client, "foto", "image/png", damaged)
            assert answer.status_code in (200, 302), kind
    for nothing in ({}, {"photo": "geen bestand"}, {"photo": ""}):
        answer = client.post("/mijn/profiel/foto/", nothing)
        assert "data-error-summary" in answer.content.decode()


@pytest.mark.django_db
def test_twenty_photos_an_hour(client, store):
    client.force_login(UserFactory())
    codes = [send(client, "f.png", "image/png", picture(size=(4, 4))).status_code for _ in range(22)]
    assert codes == [302] * 20 + [429] * 2
