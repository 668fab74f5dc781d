"""Writes src/embedded/*.data.ts from the packages that ship the data.

    python3 -m venv venv
    venv/bin/pip install --no-deps palmerpenguins==0.1.6 scikit-learn==1.9.1
    venv/bin/python tools/embed.py

Needs only Python's standard library: the two packages are opened as folders of data files, never imported.
"""

import csv
import gzip
import io
from collections import Counter
from importlib.metadata import files
from pathlib import Path

OUT = Path(__file__).resolve().parents[1] / "src" / "embedded"


def shipped(package: str, path: str) -> bytes:
    return next(f for f in files(package) if str(f) == path).locate().read_bytes()


def write(name: str, about: str, body: str) -> None:
    (OUT / f"{name}.data.ts").write_text(f"// {about} Written by tools/embed.py.\n{body}")


def penguins() -> None:
    text = shipped("palmerpenguins", "palmerpenguins/data/penguins.csv").decode().replace("\r\n", "\n").strip()
    write("penguins", "The table of the R package palmerpenguins.", f"export const penguinsCsv = `{text}`;\n")


def iris() -> None:
    _, *rows = csv.reader(io.StringIO(shipped("scikit-learn", "sklearn/datasets/data/iris.csv").decode()))
    species = ["setosa", "versicolor", "virginica"]
    lines = ["sepal_length_cm,sepal_width_cm,petal_length_cm,petal_width_cm,species"]
    lines += [",".join([*row[:4], species[int(row[4])]]) for row in rows]
    text = "\n".join(lines)
    write("iris", "The table of Fisher (1936).", f"export const irisCsv = `{text}`;\n")


def digits() -> None:
    text = gzip.decompress(shipped("scikit-learn", "sklearn/datasets/data/digits.csv.gz")).decode()
    images = [[int(float(cell)) for cell in row] for row in csv.reader(io.StringIO(text))]
    pixels = "".join("0123456789abcdefg"[pixel] for image in images for pixel in image[:64])
    labels = "".join(str(image[64]) for image in images)
    pairs = []
    # Byte pair encoding (P. Gage, 1994): the most frequent pair of characters becomes one new character.
    for token in (chr(c) for c in range(33, 127)):
        if token in "0123456789abcdefg`\\$\"'":
            continue
        pair, _ = Counter(pixels[i : i + 2] for i in range(len(pixels) - 1)).most_common(1)[0]
        pixels = pixels.replace(pair, token)
        pairs.append(token + pair)
    width = 100
    chunks = [pixels[i : i + width] for i in range(0, len(pixels), width)]
    write(
        "digits",
        "Test part of UCI's optical recognition of handwritten digits.",
        "/** A token and the two characters that it stands for, in the order in which they were introduced. */\n"
        f'export const digitPairs =\n  "{" ".join(pairs)}";\n'
        "/** 1797 images of 64 pixels, each a digit in base 17. */\n"
        "export const digitPixels = `\n" + "\n".join(chunks) + "`;\n"
        "/** The digit that each image shows. */\n"
        f'export const digitLabels =\n  "{labels}";\n',
    )


if __name__ == "__main__":
    penguins()
    iris()
    digits()
