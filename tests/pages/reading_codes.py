"""A small reader of QR codes: enough for the addresses that we print, and written apart from what draws them."""

# How many blocks, and how many bytes of data in each, by version and level of error correction.
BLOCKS = {(3, "M"): (1, 44), (3, "Q"): (2, 17), (4, "M"): (2, 32), (4, "Q"): (2, 24), (5, "M"): (2, 43)}
LEVELS = {0: "M", 1: "L", 2: "H", 3: "Q"}
MASKS = (
    lambda r, c: (r + c) % 2,
    lambda r, c: r % 2,
    lambda r, c: c % 3,
    lambda r, c: (r + c) % 3,
    lambda r, c: (r // 2 + c // 3) % 2,
    lambda r, c: r * c % 2 + r * c % 3,
    lambda r, c: (r * c % 2 + r * c % 3) % 2,
    lambda r, c: ((r + c) % 2 + r * c % 3) % 2,
)


def squares(picture, size, quiet=4):
    """What a picture shows in the middle of each square of a code of this size: dark or light."""
    step, grey = picture.width / (size + 2 * quiet), picture.convert("L")
    middles = [round((place + quiet + 0.5) * step) for place in range(size)]
    return [[grey.getpixel((x, y)) < 128 for x in middles] for y in middles]


def text_of(matrix):
    """The text of a code of version 2 to 6 in bytes, from its squares; no errors are mended."""
    size = len(matrix)
    version = (size - 17) // 4
    spots = [(8, c) for c in (0, 1, 2, 3, 4, 5, 7, 8)] + [(r, 8) for r in (7, 5, 4, 3, 2, 1, 0)]
    shape = _number([matrix[r][c] for r, c in spots]) ^ 0b101010000010010
    level, mask = LEVELS[shape >> 13], MASKS[shape >> 10 & 7]
    bits = [bool(matrix[r][c]) != (mask(r, c) == 0) for r, c in _walk(size)]
    words = [_number(bits[at : at + 8]) for at in range(0, len(bits) - 7, 8)]
    blocks, length = BLOCKS[version, level]
    data = [words[place * blocks + block] for block in range(blocks) for place in range(length)]
    stream = [byte >> shift & 1 for byte in data for shift in range(7, -1, -1)]
    assert _number(stream[:4]) == 0b0100, "not in bytes"
    count = _number(stream[4:12])
    return bytes(_number(stream[at : at + 8]) for at in range(12, 12 + 8 * count, 8)).decode()


def _number(bits):
    return int("".join("1" if bit else "0" for bit in bits), 2)


def _walk(size):
    """The squares that hold data, in their order: two columns at a time, up and down, from the right."""
    for turn, right in enumerate(c for c in range(size - 1, 0, -2) if c > 6):
        yield from _column(size, right, upward=turn % 2 == 0)
    turns = (size - 7) // 2
    for turn, right in enumerate((5, 3, 1)):
        yield from _column(size, right, upward=(turns + turn) % 2 == 0)


def _column(size, right, *, upward):
    for row in range(size - 1, -1, -1) if upward else range(size):
        for column in (right, right - 1):
            if not _is_fixed(size, row, column):
                yield row, column


def _is_fixed(size, row, column):
    """Corners with their margin and format, timing lines, and the one alignment mark."""
    corner = (row < 9 and (column < 9 or column >= size - 8)) or (row >= size - 8 and column < 9)
    mark = abs(row - (size - 7)) <= 2 and abs(column - (size - 7)) <= 2
    return corner or mark or row == 6 or column == 6
