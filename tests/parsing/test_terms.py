"""The word lists of the whole package, and how they are loaded."""

import re
import unicodedata
from pathlib import Path

import pytest

import lens_rx
from lens_rx.parsing.terms import TermPattern, load_lists, load_pattern, load_terms, parse_terms

ROOT = Path(lens_rx.__file__).parent
FILES = sorted(file for folder in ROOT.rglob("terms") if folder.is_dir() for file in folder.iterdir())
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")

CODES = re.compile(r"(-,)?[A-Z]{3}(,[A-Z]{3})*")


def name_of(file: Path) -> str:
    return str(file.relative_to(ROOT))


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_file_is_in_its_form(file: Path):
    """Each list names its languages, once each and in order, and holds no empty or repeated entry."""
    assert file.suffix in (".terms", ".patterns", ".codes")
    lines = list(parse_terms(file.read_text("utf-8")))
    places = [(line.section, line.language) for line in lines]
    assert lines
    assert len(set(places)) == len(places), "a language has two lines in one list"
    entries = [(line.section, entry) for line in lines for entry in line.entries]
    assert all(entry for _, entry in entries)
    assert sorted(set(entries)) == sorted(entries), "an entry is repeated in its list"
    key = CODES if file.suffix == ".codes" else LANGUAGE
    assert [line.language for line in lines if not key.fullmatch(line.language)] == []


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_entries_are_folded(file: Path):
    """Words are composed and in lower case, those in regular expressions too, which compile."""
    for line in parse_terms(file.read_text("utf-8")):
        for entry in line.entries:
            assert entry == unicodedata.normalize("NFC", entry)
            if file.suffix == ".terms":
                assert entry == entry.lower(), entry
            elif file.suffix == ".patterns":
                re.compile(entry)
                words = re.sub(r"\\[A-Z]", "", entry)
                assert words == words.lower(), entry


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_file_is_loaded(file: Path):
    """Every file is found by its package and name, and all of its lists make a pattern."""
    package = ".".join(("lens_rx", *file.parent.parent.relative_to(ROOT).parts))
    for section, entries in load_lists(package, file.stem).items():
        assert load_terms(package, file.stem, section) == entries
        assert load_pattern(package, file.stem, section).pattern


def test_patterns_match_any_case():
    """Terms are found in capitals too, the Turkish ones among them, within a text, at its start or as all of it."""
    pattern = TermPattern(lambda: "sepete ekle|indirim|straße")
    assert pattern.matches_whole("SEPETE EKLE")
    assert not pattern.matches_whole("SEPETE EKLE!")
    assert pattern.matches_start("İNDİRİM: 5 TL")
    assert pattern.occurs_in("%5 İNDİRİM")
    assert pattern.search("%5 İndirim") is not None
    assert not pattern.occurs_in("STRASSE")


def test_lines_are_read():
    """A heading starts a list, comments are left out, entries keep their order."""
    text = "# words\nde: statt | bisher\n[now]\nen: now | only 1 | a:b\n"
    assert [tuple(line) for line in parse_terms(text)] == [
        ("", "de", ("statt", "bisher")),
        ("now", "en", ("now", "only 1", "a:b")),
    ]


def test_line_without_language_is_refused():
    """A line that names no language is a mistake in the file."""
    with pytest.raises(ValueError, match="without a language"):
        list(parse_terms("statt | bisher\n"))


def test_missing_file_is_named():
    """A list that is not there says so."""
    with pytest.raises(FileNotFoundError, match="no word list nowhere"):
        load_terms("lens_rx.parsing", "nowhere")
