from pathlib import Path

import pytest

from knowledge.library.document import BadArticlesError, Finding, read_document
from knowledge.library.loader import UNANSWERED, read_library, unanswered_lines
from knowledge.model import Job, Library, Source
from tests.support.libraries import BREAD, TEA, folder


def findings_of(at: Path) -> list[tuple[str, int, str]]:
    """What loading the folder complains about: file, line, message."""
    with pytest.raises(BadArticlesError) as raised:
        read_library(at)
    return [(one.path.name, one.line, one.message) for one in raised.value.findings]


def test_categories_are_in_the_order_of_their_list(tmp_path: Path) -> None:
    library = read_library(folder(tmp_path, {"categories.yaml": "- Food\n- Drinks\n"}))

    assert [
        (shelf.name, [one.slug for one in shelf.articles]) for shelf in library.categories("en")
    ] == [("Food", ["black-bread"]), ("Drinks", ["green-tea"])]


def test_articles_of_a_category_are_sorted_by_order_then_title(tmp_path: Path) -> None:
    first = TEA.replace("green-tea", "white-tea").replace("Green tea", "White tea")
    files = {
        "white-tea.md": first.replace("language: en", "order: 1\nlanguage: en"),
        "an-ale.md": TEA.replace("green-tea", "an-ale").replace("Green tea", "An ale"),
    }

    library = read_library(folder(tmp_path, files))

    assert [one.slug for one in library.categories("en")[0].articles] == [
        "white-tea",
        "an-ale",
        "green-tea",
    ]


def test_an_article_is_read_with_all_fields(tmp_path: Path) -> None:
    article = read_library(folder(tmp_path)).article("green-tea", "en")

    assert article
    assert article.title == "Green tea"
    assert len(article.questions) == 8
    assert article.related == ("black-bread",)
    assert article.sources == (Source(name="A tin's label", url="https://example.com/tea"),)
    assert article.numbers == {"minutes": 3}
    assert article.short == "Let it steep for **3 minutes**."
    assert article.more == "The leaves can be used *again*."
    assert article.action is None
    assert article.public


def test_more_and_action_are_optional(tmp_path: Path) -> None:
    article = read_library(folder(tmp_path)).article("black-bread", "en")

    assert article
    assert article.more is None
    assert article.action is Job.PROGRESS


def test_an_article_may_be_limited_to_private_chats(tmp_path: Path) -> None:
    private = TEA.replace("related:", "public: false\nrelated:")

    article = read_library(folder(tmp_path, {"green-tea.md": private})).article("green-tea", "en")

    assert article
    assert not article.public


def test_a_personal_article_is_loaded_as_a_template(tmp_path: Path) -> None:
    personal = TEA.replace("**3 minutes**", "3 minutes{% if paid %}, or more{% endif %}")

    article = read_library(folder(tmp_path, {"green-tea.md": personal})).article("green-tea", "en")

    assert article
    assert article.is_personal


def test_a_language_without_articles_uses_the_default_language(tmp_path: Path) -> None:
    library = read_library(folder(tmp_path))

    assert library.article("green-tea", "fr") == library.article("green-tea", "en")


def test_an_unknown_slug_gives_no_article(tmp_path: Path) -> None:
    assert read_library(folder(tmp_path)).article("coffee", "en") is None


def test_an_empty_library_is_empty_in_every_language() -> None:
    assert Library(categories_by_language={}).articles("en") == ()


@pytest.mark.parametrize(
    ("before", "after", "line", "message"),
    [
        ("title: Green tea\n", "", 2, "title: Field required"),
        ("numbers: {minutes: 3}\n", "", 2, "numbers: Field required"),
        ("related:", "kin: x\nrelated:", 15, "kin: Extra inputs are not permitted"),
        ("title: Green tea", "title: 7", 3, "title: Input should be a valid string"),
        ("title: Green tea", f"title: {'x' * 61}", 3, "title: String should have at most 60"),
        ("checked_on: 2026-11-01", "checked_on: soon", 20, "checked_on: Input should be a valid"),
        ("- how hot may the water be", "- 80", 8, "questions.1: Input should be a valid string"),
        ("  - is there caffeine in it\n", "", 6, "questions: List should have at least 8 items"),
        ("url: https", "web: https", 19, "sources.0.web: Extra inputs are not permitted"),
        ("{minutes: 3}", "{minutes: three}", 21, "numbers.minutes"),
        ("related:", "action: dance\nrelated:", 15, "action: Value error, it has to be one"),
        ("slug: green-tea", "slug: Green Tea", 2, "slug: String should match pattern"),
        ("slug: green-tea", "slug: black-bread", 2, "slug: is black-bread, the file says"),
        ("language: en", "language: de", 5, "language: is de, the file says en"),
        ("title: Green tea", "title: a\ntitle: b", 4, "title: is given 2 times"),
        ("category: Drinks", "category: Soups", 4, "category: Soups is not in categories.yaml"),
        ("  - black-bread", "  - coffee", 16, "related: there is no article coffee"),
        ("---\nslug", "slug", 1, "the file has to begin with front matter"),
        ("{minutes: 3}", "{minutes: 3", 1, "the front matter is not YAML"),
        ("2026-11-01", "2026-02-31", 1, "the front matter is not YAML: day is out of range"),
        ("2026-11-01", "!!python/name:os 1", 1, "the front matter is not YAML"),
        ("<!-- more -->", "<!-- more -->\n\n<!-- more -->", 23, "the text needs a short part"),
        ("**3 minutes**", "{{ steeped }}", 23, "template: there is no fact steeped"),
        ("The leaves", "{{ 2 * 2 }}", 27, "template: mul is not used in articles"),
        ("**3 minutes**", "{{ plan }}", 23, "template: for a reader unknown, None can't stand"),
        ("related:", "public: maybe\nrelated:", 15, "public: Input should be a valid boolean"),
        ("\nThe leaves can be used *again*.\n", "", 23, "the text needs a short part"),
        ("Let it steep for **3 minutes**.\n", "", 23, "the text needs a short part"),
    ],
)
def test_each_fault_is_reported_with_file_and_line(
    tmp_path: Path, before: str, after: str, line: int, message: str
) -> None:
    broken = folder(tmp_path, {"green-tea.md": TEA.replace(before, after, 1)})

    ((path, found_line, found),) = findings_of(broken)

    assert path == "green-tea.md"
    assert found.startswith(message)
    assert found_line == line


def test_front_matter_that_is_no_mapping_is_refused(tmp_path: Path) -> None:
    broken = folder(tmp_path, {"green-tea.md": "---\n- a\n---\nText.\n"})

    assert findings_of(broken) == [
        ("green-tea.md", 1, "the front matter has to be a list of names and values")
    ]


def test_front_matter_that_is_nested_too_deeply_is_refused(tmp_path: Path) -> None:
    deep = "---\nnotes: " + "[" * 100_000 + "]" * 100_000 + "\n---\nText.\n"
    broken = folder(tmp_path, {"green-tea.md": deep})

    assert findings_of(broken) == [("green-tea.md", 1, "the front matter is nested too deeply")]


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    broken = folder(tmp_path)
    (broken / "en" / "green-tea.md").write_bytes(b"---\n\xff\xfe")

    assert findings_of(broken) == [("green-tea.md", 1, "this is not UTF-8")]


@pytest.mark.parametrize(
    "name", ["en/.#green-tea.md", "en/._green-tea.md", "en/~$een-tea.md", "en/#green-tea.md"]
)
def test_editor_backup_files_are_ignored(tmp_path: Path, name: str) -> None:
    clean = folder(tmp_path)
    before = read_library(clean)
    (clean / name).write_bytes(b"\0\5\x16\7")

    assert read_library(clean) == before


def test_dangling_lock_links_and_hidden_folders_are_ignored(tmp_path: Path) -> None:
    clean = folder(tmp_path)
    before = read_library(clean)
    (clean / "en" / ".#green-tea.md").symlink_to("me@host.1234:99")
    (clean / ".obsidian").mkdir()
    (clean / ".obsidian" / "notes.md").write_text("Notes.", encoding="utf-8")

    assert read_library(clean) == before


def test_a_byte_order_mark_is_ignored(tmp_path: Path) -> None:
    plain, marked = tmp_path / "plain", tmp_path / "marked"
    files = {"unanswered.txt": "may I have coffee\n", "notice.txt": "Closed today."}
    for at in (plain, marked):
        at.mkdir()
        folder(at, files)
    for path in (marked / "en").iterdir():
        path.write_text(path.read_text(encoding="utf-8"), encoding="utf-8-sig")

    assert read_library(marked) == read_library(plain)


@pytest.mark.parametrize("name", ["unanswered.txt", "notice.txt"])
def test_an_optional_file_that_is_not_text_is_a_finding(tmp_path: Path, name: str) -> None:
    broken = folder(tmp_path)
    (broken / "en" / name).write_bytes(b"\xff\xfe")

    assert findings_of(broken) == [(name, 1, "this is not UTF-8")]


def test_an_unreadable_article_is_a_finding(tmp_path: Path) -> None:
    broken = folder(tmp_path)
    (broken / "en" / "green-tea.md").unlink()
    (broken / "en" / "green-tea.md").symlink_to("nowhere")
    (broken / "en" / "white-tea.md").mkdir()

    assert findings_of(broken) == [
        ("green-tea.md", 1, "can't be read: No such file or directory"),
        ("white-tea.md", 1, "can't be read: Is a directory"),
    ]


@pytest.mark.parametrize("text", ["", "Drinks", "[", "{a: 1}"])
def test_each_language_needs_a_list_of_categories(tmp_path: Path, text: str) -> None:
    broken = folder(tmp_path, {"categories.yaml": text})

    assert findings_of(broken) == [("categories.yaml", 1, "has to list the categories")]


def test_a_missing_list_of_categories_is_a_finding(tmp_path: Path) -> None:
    broken = folder(tmp_path)
    (broken / "en" / "categories.yaml").unlink()

    assert findings_of(broken) == [("categories.yaml", 1, "has to list the categories")]


@pytest.mark.parametrize("name", ["", "en"])
def test_a_folder_without_articles_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir(exist_ok=True)

    assert findings_of(tmp_path)[0][2] == "there is no folder en with articles in it"


def test_all_faults_are_reported_at_once(tmp_path: Path) -> None:
    broken = folder(
        tmp_path,
        {
            "green-tea.md": TEA.replace("title: Green tea\n", "").replace("order", "x"),
            "black-bread.md": BREAD.replace("related: []", "related: [rye]"),
        },
    )

    assert {path for path, _, _ in findings_of(broken)} == {"green-tea.md", "black-bread.md"}


def test_a_finding_is_formatted_like_a_compiler_message() -> None:
    finding = Finding(path=Path("en/green-tea.md"), line=3, message="title: too long")

    assert str(finding) == "en/green-tea.md:3: title: too long"


def test_a_missing_value_is_reported_at_the_line_of_the_nearest_key(tmp_path: Path) -> None:
    tea = read_document(folder(tmp_path) / "en" / "green-tea.md")

    assert tea.line("title", "deeper") == tea.line("title") == 3
    assert tea.line("unheard of") == 2


def test_unanswered_questions_are_loaded_with_the_articles(tmp_path: Path) -> None:
    told = "# none of these\n\nis there a dark mode\n???\n"

    library = read_library(folder(tmp_path, {"unanswered.txt": told}))

    assert library.unanswered == {"en": ("is there a dark mode",)}


def test_a_language_without_unanswered_questions_has_none(tmp_path: Path) -> None:
    assert read_library(folder(tmp_path)).unanswered == {"en": ()}


def test_a_notice_is_one_paragraph_and_optional(tmp_path: Path) -> None:
    (tmp_path / "with").mkdir()
    (tmp_path / "without").mkdir()
    told = read_library(folder(tmp_path / "with", {"notice.txt": "The shop\nhas closed.\n"}))

    assert told.notice("en") == "The shop has closed."
    assert told.notice("de") == "The shop has closed."
    assert read_library(folder(tmp_path / "without")).notice("en") == ""


def test_an_unreadable_list_of_unanswered_questions_has_no_lines(tmp_path: Path) -> None:
    (tmp_path / UNANSWERED).write_bytes(b"how\xff\n")

    assert list(unanswered_lines(tmp_path)) == []
