"""What it saves to send photos at the size that a model reads, instead of as they are stored.

Photos of the sandbox are enlarged to a longer side of 2,000 pixels, at which the service stores a phone's photo, and
encoded as it sends them. Prints bytes and tokens of a photo, which are counted as OpenAI documents: in tiles for GPT-4o,
whose server reduces a larger photo itself, in patches for GPT-6.
"""

from __future__ import annotations

import tempfile
from io import BytesIO
from pathlib import Path
from statistics import median

from PIL import Image
from tools.figures import report

from lens_rx.clients.llm.capabilities import Capabilities
from lens_rx.clients.llm.llm_request import jpeg_of
from lens_rx.clients.llm.llm_response import cost_usd
from lens_rx.sandbox.catalogue import catalogue
from lens_rx.sandbox.model.usage import image_tokens
from lens_rx.sandbox.photos import ENCODINGS, take_photo
from lens_rx.web.photo_intake import JPEG_QUALITY

LONGER_SIDE = 2_000
PHOTOS = 12
MODELS = {"gpt-4o": Capabilities(), "gpt-6-luna": Capabilities(reasoning_effort="none")}


def stored_photo(picture: bytes) -> bytes:
    """Return a picture as the service stores one of a phone: JPEG, its longer side 2,000 pixels."""
    with Image.open(BytesIO(picture)) as image:
        scale = LONGER_SIDE / max(image.size)
        larger = image.convert("RGB").resize((round(image.width * scale), round(image.height * scale)))
    body = BytesIO()
    larger.save(body, "JPEG", quality=JPEG_QUALITY)
    return body.getvalue()


def sent_photo(folder: Path, photo: bytes, *, in_patches: bool) -> bytes:
    """Return a stored photo as it is sent to a model."""
    path = folder / "photo.jpg"
    path.write_bytes(photo)
    return jpeg_of(path, in_patches=in_patches)


def main() -> None:
    """Print a row for each model."""
    photos = [stored_photo(take_photo(it, ENCODINGS[0])) for it in list(catalogue())[:PHOTOS]]
    print(f"{len(photos)} photos of {LONGER_SIDE} pixels; the median of a photo, as stored and as sent")
    for name, known in MODELS.items():
        with tempfile.TemporaryDirectory() as folder:
            sent = [sent_photo(Path(folder), it, in_patches=known.reasons) for it in photos]
        sizes = [median(map(len, those)) for those in (photos, sent)]
        tokens = [
            median(image_tokens(it, in_patches=known.reasons) for it in those) for those in (photos, sent)
        ]
        cents = [100 * cost_usd(name, round(it), 0) for it in tokens]
        print(
            f"{name:11} {sizes[0] / 1e3:5.0f} -> {sizes[1] / 1e3:4.0f} kB ({1 - sizes[1] / sizes[0]:.0%} less)"
            f"   {tokens[0]:5.0f} -> {tokens[1]:5.0f} tokens ({1 - tokens[1] / tokens[0]:.0%} less)"
            f"   {cents[0]:.4f} -> {cents[1]:.4f} cents"
        )
        title = f"a photo of {LONGER_SIDE} pixels at the size that {name} reads"
        report(f"{title}: bytes", sizes[1] / 1e3, "kB", peer="as stored", ratios=[sizes[1] / sizes[0]])
        report(f"{title}: tokens", tokens[1], "tokens", peer="as stored", ratios=[tokens[1] / tokens[0]])


if __name__ == "__main__":
    main()
