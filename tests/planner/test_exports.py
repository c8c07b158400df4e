"""Keyword exports as the tools really write them, and as people break them."""

from __future__ import annotations

import random
import tracemalloc
from pathlib import Path

import pytest

from igny8.core.errors import InvalidInput, NotFound
from igny8.planner import export_columns as columns
from igny8.planner.exports import Export, KeywordRow, open_export

GOOGLE = (
    "Keyword Stats 2026-06-09 at 21_25_18\n"
    '"May 1, 2025 - April 30, 2026"\n'
    "Keyword\tCurrency\tAvg. monthly searches\tThree month change\tCompetition\t"
    "Competition (indexed value)\tTop of page bid (low range)\tTop of page bid (high range)\t"
    "In account?\tSearches: Mar 2026\tSearches: Apr 2026\n"
    "bike hire leeds\tGBP\t590\t0%\tMedium\t40\t0.41\t1.59\t\t590\t480\n"
    "bike hire\tEUR\t2400.0\t0%\tLow\t4\t0,41\t1,59\t\t2400\t2400\n"
    "rare bike\tGBP\t50\t\tLow\t\t\t\t\t\t\n"
    "common bike\tGBP\t1K – 10K\t\tLow\t\t\t\t\t\t\n"
    "honest bike\tGBP\t50\t\tLow\t\t\t\t\t50\t50\n"
    "\t\t12000\t\t\t\t\t\t\t\t\n"
)
SEMRUSH = (
    "Keyword,Intent,Volume,Trend,Keyword Difficulty,CPC (USD),Competitive Density,"
    "SERP Features,Number of Results\n"
    'coffee grinder,"Commercial, Transactional",14800,"0.5,1,0.8",62,1.24,1,'
    '"Sitelinks, Reviews",23000000\n'
    "how to grind coffee,Informational,720,0.5,,0.00,0,,12\n"
)
AHREFS = (
    "#\tKeyword\tCountry\tDifficulty\tVolume\tCPC\tCPS\tParent Keyword\tLast Update\t"
    "Global volume\tTraffic potential\tIntents\n"
    "1\tmilk frother\tgb\t17\t9900\t0.60\t0.81\tfrother\t2026-03-01\t99000\t5000\t"
    "Commercial,Non-branded,Non-local\n"
)
SITE_EXPLORER = (
    "Keyword,Volume,KD,CPC,Current position,Current URL,Branded,Local,Informational,Commercial,"
    "Transactional,Navigational\n"
    "cold brew,1300,12,0.2,4,https://example.com/,false,false,true,false,false,false\n"
)
CONSOLE = (
    "Top queries,Clicks,Impressions,CTR,Position\nfernhill cycles,412,655,62.9%,1.1\n"
    'bike "hire",3,"1,480",0.2%,12\n'
)
BING = "Query,Clicks,Impressions,CTR,Average position\ncold brew,3,150,2%,8.1\n"
API = (
    "database;Keyword;Search Volume;Keyword Difficulty Index;Intent\n"
    "uk;kaffee mahlen;1.900;35,5;1,0\n"
)
OWN = "keyword,volume,difficulty,cpc,intent\nbike lock,27100,45,0.9,commercial\nd lock,,,,\n"


def _export(folder: Path, content: str | bytes, encoding: str = "utf-8") -> Export:
    path = folder / "keywords.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return open_export(path)


def _rows(folder: Path, content: str | bytes, encoding: str = "utf-8") -> list[KeywordRow]:
    return list(_export(folder, content, encoding).rows())


@pytest.mark.parametrize(
    ("content", "encoding", "tool", "delimiter"),
    [
        (GOOGLE, "utf-16", "google-keyword-planner", "\t"),
        (GOOGLE, "utf-8", "google-keyword-planner", "\t"),
        (SEMRUSH, "utf-8-sig", "semrush", ","),
        (API, "utf-8", "semrush", ";"),
        (AHREFS, "utf-16", "ahrefs", "\t"),
        (AHREFS, "utf-16-le", "ahrefs", "\t"),
        (SITE_EXPLORER, "utf-8", "ahrefs", ","),
        (CONSOLE, "utf-8", "search-console", ","),
        (BING, "utf-8", "bing", ","),
        (OWN, "utf-8", "igny8", ","),
        ("Keyword,Notes\nbike,mine\n", "utf-8", "csv", ","),
        ("bike lock\nd lock\n", "utf-8", "list", None),
        ("Keywords\nbike lock\n", "utf-8", "list", None),
    ],
)
def test_every_layout_is_recognised(
    tmp_path: Path, content: str, encoding: str, tool: str, delimiter: str | None
) -> None:
    export = _export(tmp_path, content, encoding)
    assert (export.format, export.delimiter) == (tool, delimiter)
    assert {row.source for row in export.rows()} == {tool}


def test_google_volumes_say_whether_they_are_exact(tmp_path: Path) -> None:
    rows = _rows(tmp_path, GOOGLE, "utf-16")
    assert [(r.text, r.volume, r.volume_kind) for r in rows] == [
        ("bike hire leeds", 590, "exact"),
        ("bike hire", 2400, "exact"),
        ("rare bike", 50, "bucket"),
        ("common bike", 5000, "bucket"),
        ("honest bike", 50, "exact"),
    ]
    assert [r.cpc for r in rows] == [1.0, 1.0, None, None, None]
    assert {r.difficulty for r in rows} == {None}  # Competition is the advertisers'


def test_semrush_columns_are_read_and_an_empty_difficulty_is_unknown(tmp_path: Path) -> None:
    first, second = _rows(tmp_path, SEMRUSH)
    assert first == KeywordRow(
        "coffee grinder", 14800, "exact", 62.0, 1.24, ("commercial", "transactional"),
        "semrush", 2,
    )  # fmt: skip
    assert (second.difficulty, second.cpc) == (None, 0.0)


def test_semrush_api_codes_and_decimal_commas_are_read(tmp_path: Path) -> None:
    (row,) = _rows(tmp_path, API)
    assert (row.volume, row.difficulty) == (1900, 35.5)
    assert row.intents == ("informational", "commercial")


def test_global_volume_and_parent_keyword_are_never_taken(tmp_path: Path) -> None:
    (row,) = _rows(tmp_path, AHREFS, "utf-16")
    assert (row.text, row.volume, row.difficulty) == ("milk frother", 9900, 17.0)
    assert row.intents == ("commercial",)


def test_yes_or_no_columns_make_intents(tmp_path: Path) -> None:
    assert _rows(tmp_path, SITE_EXPLORER)[0].intents == ("informational",)


def test_impressions_are_no_exact_volume(tmp_path: Path) -> None:
    rows = _rows(tmp_path, CONSOLE)
    assert [(r.text, r.volume, r.volume_kind) for r in rows] == [
        ("fernhill cycles", 655, "impressions"),
        ('bike "hire"', 1480, "impressions"),
    ]


def test_a_plain_list_is_a_keyword_a_line_as_it_stands(tmp_path: Path) -> None:
    rows = _rows(tmp_path, '\ufeffplumber, leeds\n\n  Café près de moi \r\n"quoted, one"\n')
    assert [(r.text, r.line, r.volume) for r in rows] == [
        ("plumber, leeds", 1, None),
        ("Café près de moi", 3, None),
        ("quoted, one", 4, None),
    ]


def test_a_list_may_hold_the_word_keyword(tmp_path: Path) -> None:
    texts = [r.text for r in _rows(tmp_path, "free tools\nkeyword\nkeyword research\n")]
    assert texts == ["free tools", "keyword", "keyword research"]


def test_windows_encoding_is_the_fallback(tmp_path: Path) -> None:
    export = _export(tmp_path, "keyword,volume\ncafé “crème”,10\n", "cp1252")
    assert export.encoding == "cp1252"
    assert [r.text for r in export.rows()] == ["café “crème”"]


def test_ignored_columns_are_reported(tmp_path: Path) -> None:
    export = _export(tmp_path, CONSOLE)
    assert export.report.ignored_columns == ("Clicks", "CTR", "Position")


def test_dropped_rows_are_reported_with_line_and_reason(tmp_path: Path) -> None:
    export = _export(
        tmp_path,
        "keyword,volume\nbike,10\n,20\n!!!,5\nplumber, leeds,100\n" + "x" * 201 + ",1\n\nlock\n",
    )
    assert [r.text for r in export.rows()] == ["bike", "lock"]
    report = export.report
    assert (report.rows_read, report.rows_kept, report.dropped_count) == (6, 2, 4)
    assert report.dropped == [
        (3, "no keyword"),
        (4, "no letter or digit"),
        (5, "3 cells where the header has 2; quote such a cell"),
        (6, "longer than 200 characters"),
    ]


def test_a_cell_that_is_no_number_is_left_empty_and_reported(tmp_path: Path) -> None:
    export = _export(tmp_path, "keyword,volume,difficulty,intent\nbike,lots,140,Browsing\n")
    (row,) = export.rows()
    assert (row.volume, row.difficulty, row.intents) == (None, None, ())
    assert export.report.unread == [
        (2, "`volume` cannot be read: `lots`"),
        (2, "`difficulty` cannot be read: `140`"),
        (2, "`intent` cannot be read: `Browsing`"),
    ]


def test_lines_are_counted_over_cells_of_several_lines(tmp_path: Path) -> None:
    export = _export(tmp_path, 'keyword,notes\nbike,"a\nb\nc"\nlock,\n,\nhire,x\n')
    assert [(r.text, r.line) for r in export.rows()] == [("bike", 2), ("lock", 5), ("hire", 7)]


def test_rows_can_be_read_twice_and_report_each_time_anew(tmp_path: Path) -> None:
    export = _export(tmp_path, OWN)
    assert list(export.rows()) == list(export.rows())
    assert export.report.rows_kept == 2


def test_the_guard_against_formulas_is_taken_off_again(tmp_path: Path) -> None:
    assert [r.text for r in _rows(tmp_path, "keyword,volume\n'+49 code,1\n")] == ["+49 code"]


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        (b"", None, "empty"),
        (b" \n\r\n", None, "empty"),
        (b"\xff\xfe", None, "no row holds a keyword"),
        (b"PK\x03\x04rest of an xlsx", None, "spreadsheet"),
        (b"%PDF-1.7", None, "document"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", None, "not a text file"),
        (b"\x01\x02\x03\x04\x05", None, "not a text file"),
        ("keyword\ncafé\nth".encode() + b"\xe9\n", 3, "neither valid UTF-8"),
        (b"keyword\nb\x81d\n", 2, "neither valid UTF-8"),
        (("keyword\n" + "bike\n" * 9_000).encode("utf-16")[:-1], 9_001, "not valid UTF-16"),
        (b"keyword,volume\n", None, "no row holds a keyword"),
        (b"keyword,volume\n,3\n", 2, "no row holds a keyword"),
        (b"keyword,volume,Volume\nbike,1,2\n", 1, "2 columns named `volume`"),
        (b"Page,Clicks,Impressions\n/a,1,2\n/b,3,4\n", 1, "no column of keywords"),
        (b"bike,100\nlock,200\n", 1, "no column of keywords"),
        (b'keyword,notes\nbike,"never closed\nlock,\nhire,\n', 2, "never closed"),
        (b'keyword,notes\nbike,"' + b"x" * 200_000 + b"\n", 2, "never closed"),
        (b"keyword\n" + b"x" * (1 << 20) + b"\n", 2, "longer than"),
    ],
)
def test_an_unusable_file_is_refused_with_its_line_and_a_next_action(
    tmp_path: Path, content: bytes, line: int | None, said: str
) -> None:
    with pytest.raises(InvalidInput, match=said) as caught:
        _rows(tmp_path, content)
    assert (caught.value.file, caught.value.line) == ("keywords.csv", line)
    assert caught.value.hint


def test_an_unnamed_table_shows_what_its_first_row_holds(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="`Top pages`, `Clicks`"):
        _rows(tmp_path, "Top pages,Clicks,Impressions\nhttps://example.com/,1,2\n")


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"my\.csv"):
        open_export(tmp_path / "gone", "my.csv")


def test_errors_call_the_file_by_the_name_given(tmp_path: Path) -> None:
    (tmp_path / "upload-7").write_bytes(b"")
    with pytest.raises(InvalidInput, match=r"^my\.csv: ") as caught:
        open_export(tmp_path / "upload-7", "my.csv")
    assert caught.value.file == "my.csv"


def test_damaged_files_end_in_an_error_that_igny8_can_explain(tmp_path: Path) -> None:
    originals = [GOOGLE.encode("utf-16"), SEMRUSH.encode(), AHREFS.encode("utf-16")]
    outcomes = set()
    for seed in range(300):
        chance = random.Random(seed)
        data = bytearray(chance.choice(originals))
        del data[chance.randrange(1, len(data)) :]
        for _ in range(chance.randrange(6)):
            data[chance.randrange(len(data))] = chance.choice(b'\x00",\n\xff\t\x81a')
        try:
            outcomes.add(bool(_rows(tmp_path, bytes(data))))
        except InvalidInput as error:
            outcomes.add(type(error.message))
    assert outcomes == {True, str}


def test_a_long_file_takes_the_memory_of_a_short_one(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    line = 'keyword number {},12,"{}"\n'
    with path.open("w", encoding="utf-8") as file:
        file.write("keyword,volume,notes\n")
        file.writelines(line.format(i, "é" * 500) for i in range(12_000))
    tracemalloc.start()
    count = sum(1 for _ in open_export(path).rows())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 12_000
    assert peak < 8_000_000 < path.stat().st_size


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2,400", (2400, "exact")), ("2.400", (2400, "exact")), ("2400.0", (2400, "exact")),
        ("2\u202f400", (2400, "exact")), ("1'200", (1200, "exact")), ("1.2K", (1200, "exact")),
        ("1,5k", (1500, "exact")), ("1.234k", (1234, "exact")), ("12,34,567", (1234567, "exact")),
        ("1,234.0", (1234, "exact")), ("1.234,0", (1234, "exact")), ("0", (0, "exact")),
        ("10 – 100", (50, "bucket")), ("1K – 10K", (5000, "bucket")), ("<10", (5, "bucket")),
        ("1M+", (1_000_000, "bucket")), ("> 1M", (1_000_000, "bucket")),
        ("", (None, "exact")), ("n/a", (None, "exact")), ("–", (None, "exact")),
    ],
)  # fmt: skip
def test_volumes_of_every_locale_are_read(cell: str, expected: tuple[int | None, str]) -> None:
    assert columns.volume(cell) == expected


@pytest.mark.parametrize("cell", ["many", "-5", "1e9", "9" * 40, "12:30", "10-", "1.2.3"])
def test_what_is_no_volume_is_refused(cell: str) -> None:
    with pytest.raises(ValueError):
        columns.volume(cell)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1.20", 1.2), ("1,20", 1.2), ("£1.20", 1.2), ("US$1.20", 1.2), ("1.20 USD", 1.2),
        ("1,234.50", 1234.5), ("1.234,50", 1234.5), ("1,234", 1234.0), ("0.125", 0.125),
        ("45%", 45.0), ("-", None), ("", None),
    ],
)  # fmt: skip
def test_prices_of_every_locale_are_read(cell: str, expected: float | None) -> None:
    assert columns.amount(cell) == expected
