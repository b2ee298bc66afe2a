import json
from pathlib import Path

import jsonschema
import pytest

from tastemaker.evals.dialogues.case import Names, link
from tastemaker.evals.dialogues.files import FORMATS, own_schema, read_dialogues
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.retrieval.datasets.redial import redial_films
from tastemaker.retrieval.errors import ConfigError, DataError

SHARED = Path(__file__).parents[4] / "shared" / "data"

CATALOG = Catalog(
    [
        Item("1", "Heat (1995)", {"genres": ("Crime", "Drama")}),
        Item("2", "Ronin (1998)", {}),
        Item("3", "Why Him? (2016)", {}),
        Item("4", "Frozen (2010)", {}),
        Item("5", "Frozen (2010)", {}),
        Item("6", "Drama", {}),
        Item("7", "Hoffa (1992)", {}),
        Item("300", "Splendor (1999)", {}),
        Item("9", "300", {}),
    ],
    Schema(attributes=(Attribute(name="genres", kind=Kind.TAGS),)),
)
NAMES = Names(CATALOG)


@pytest.fixture
def write(tmp_path):
    def make(*rows, name="log.jsonl"):
        lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
        (tmp_path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
        return tmp_path / name

    return make


def cases_of(path, **options):
    return link(read_dialogues(path, **options), NAMES)


def said(case):
    return [(one.speaker, one.text) for one in case.context]


PROCESSED = {
    "dialog_id": "16",
    "turn_id": 3,
    "context": ["", "Hi!", "I like Heat  (1995)"],
    "entity": ["Drama", "Heat  (1995)", "Al Pacino", "300"],
    "rec": ["Ronin (1998)", "Heat (1995)", "Up (2009)", "Frozen (2010)"],
    "resp": "See Ronin (1998)!",
}


def test_processed_rows(write):
    (case,) = cases_of(write(PROCESSED))
    assert (case.id, case.group, case.turn) == ("16-3", "16", 3)
    assert said(case) == [("seeker", ""), ("recommender", "Hi!"), ("seeker", "I like Heat  (1995)")]
    assert case.message == "I like Heat  (1995)"
    assert case.mentioned == ("1", "9")  # "Drama" is a genre, and "300" a title though also an id
    assert case.gold == ("2", "1", "4")
    assert case.new == ("2", "4")
    assert case.outside == ("Up (2009)",)
    assert case.response == "See Ronin (1998)!"


def test_an_item_outside_that_was_named_before_is_not_new(write):
    (case,) = cases_of(write({**PROCESSED, "entity": ["up (2009)"], "rec": ["Up (2009)", "Hugo (2011)"]}))
    assert case.outside == ("Up (2009)", "Hugo (2011)")
    assert case.repeated_outside == {"Up (2009)"}


def test_titles_are_the_very_title_or_nothing():
    assert NAMES.by_title("why him?   (2016)") == "3"
    assert NAMES.by_title("Why Him? (2015)") is None
    assert NAMES.by_title("Heat 2 (1995)") is None
    assert NAMES.by_title("Heat") is None
    assert (NAMES.by_title("Frozen (2010)"), NAMES.first("5")) == ("4", "4")
    assert (NAMES.id("300"), NAMES.by_title("300")) == ("300", "9")
    assert (NAMES.yearless("Hoffa"), NAMES.yearless("Hoffa (1993)"), NAMES.yearless("Jack")) == (
        "7",
        "7",
        None,
    )


RAW = {
    "conversationId": "391",
    "initiatorWorkerId": 7,
    "respondentWorkerId": 9,
    "movieMentions": {
        "111": "Heat  (1995)",
        "222": "Ronin (1998)",
        "2": "Splash  (1984)",
        "50": None,
        "60": "Why Him%3F (2016)",
    },
    "initiatorQuestions": {
        "111": {"liked": 0, "seen": 1, "suggested": 0},
        "222": {"liked": 1},
        "2": {"liked": 2, "seen": 1},
    },
    "respondentQuestions": [],
    "messages": [
        {"senderWorkerId": 7, "text": "Not like @111"},
        {"senderWorkerId": 9, "text": "Then @222 or @2"},
        {"senderWorkerId": 7, "text": "no, saw @2"},
        {"senderWorkerId": 9, "text": "@50 ? or @222 again, or @60"},
        {"senderWorkerId": 9, "text": "Bye @7777"},
    ],
}


def test_raw_redial(write):
    first, second = cases_of(write(RAW))
    assert said(first) == [("seeker", "Not like Heat (1995)")]
    assert (first.gold, first.outside) == (("2",), ("Splash (1984)",))  # its id 2 is another film here
    assert first.sentiment == {"1": "disliked"}  # nothing of the films of the answer
    assert second.gold == ("2", "3")
    assert second.outside == ("ReDial's film 50",)
    assert (second.new, second.mentioned) == (("3",), ("1", "2"))
    assert second.sentiment == {"1": "disliked", "2": "liked"}
    assert second.response == "ReDial's film 50 ? or Ronin (1998) again, or Why Him? (2016)"


def test_a_conversation_without_films_is_no_error(write):
    empty = {**RAW, "conversationId": "392", "movieMentions": [], "initiatorQuestions": []}
    assert len(cases_of(write(RAW, empty))) == 2


HEADER = "dialog_id\tutt_id\tspeaker\tturn_id\ttext\ttext_with_placeholder\tmovies\tgenres"


def test_inspired(write):
    lines = [
        HEADER,
        "a.pkl\t1\tRECOMMENDER\t1\tHello\tHello\t\t",
        "a.pkl\t2\tSEEKER\t1\tI saw QUOTATION_MARKHeatQUOTATION_MARK\tI saw\tHeat (1995)\t",
        'a.pkl\t3\tRECOMMENDER\t2\tSee "Ronin, or Heat\t\tRonin (1998);  Heat (1995)\t',
        "b.pkl\t1\tRecommender\t1\tWhy Him?\t\tWhy Him? (2016); Up (2009)\t",
    ]
    first, second = cases_of(write(*lines, name="dev.tsv"))
    assert said(first) == [("recommender", "Hello"), ("seeker", 'I saw "Heat"')]
    assert (first.id, first.group, first.turn) == ("a.pkl-3", "a.pkl", 2)
    assert (first.gold, first.new, first.mentioned) == (("2", "1"), ("2",), ("1",))
    assert first.response == 'See "Ronin, or Heat'
    assert (second.gold, second.outside, second.context) == (("3",), ("Up (2009)",), ())


def test_bad_lines_of_inspired_are_named(write):
    with pytest.raises(DataError, match=r'dev.tsv:2:speaker: "bot"; allowed: seeker, recommender'):
        read_dialogues(write(HEADER, "a\t1\tBOT\t1\tHello\t\t\t", name="dev.tsv"))
    with pytest.raises(DataError, match=r"dev.tsv:2:movies: the line has too few columns"):
        read_dialogues(write(HEADER, "a\t1\tSEEKER\t1\tHello", name="dev.tsv"))
    with pytest.raises(DataError, match="columns missing: movies"):
        read_dialogues(write("dialog_id\tutt_id\tspeaker\ttext", name="dev.tsv"), "inspired")


def opendialkg(*messages):
    cell = json.dumps(messages).replace('"', '""')
    return ["Messages,User Rating,Assistant Rating", f'"{cell}","{{}}","{{}}"']


CHAT = {"type": "chat", "sender": "user", "message": "Do you know Heat?"}


def walked(*steps):
    triples = [[head, "related", tail] for head, tail in steps]
    return {
        "type": "action",
        "sender": "assistant",
        "action_id": "kgwalk/choose",
        "metadata": {"path": [0.5, triples, "text"]},
    }


def test_opendialkg_as_published(write):
    rows = opendialkg(
        CHAT,
        walked(("Heat (1995)", "Robert De Niro"), ("Robert De Niro", "Ronin (1998)")),
        {"type": "chat", "sender": "assistant", "message": "Yes. There is Ronin too."},
        {**CHAT, "message": "What genre is it?"},
        walked(("Ronin (1998)", "Drama")),
        {"type": "chat", "sender": "assistant", "message": "Drama."},
    )
    (case,) = cases_of(write(*rows, name="opendialkg.csv"))  # a genre is no item to be found
    assert (case.gold, case.outside, case.response) == (("2",), (), "Yes. There is Ronin too.")
    assert said(case) == [("seeker", "Do you know Heat?")]


def test_bad_messages_of_opendialkg_are_named(write):
    with pytest.raises(DataError, match=r"x.csv:2:Messages: sender 'bot'; allowed: user, assistant"):
        read_dialogues(write(*opendialkg({**CHAT, "sender": "bot"}), name="x.csv"))
    with pytest.raises(DataError, match=r"x.csv:2:Messages: no JSON list of messages"):
        read_dialogues(write("Messages", "hello", name="x.csv"))


NUMBERED = {
    "context": ["", "Hi", "I like Hoffa"],
    "resp": "Heat!",
    "rec": [3, 9],
    "prev_entity": [5, 8, 9],
    "dialog_id": "valid_0",
    "turn_id": "valid_4",
    "is_user": 0,
}
ENTITIES = {
    "<http://dbpedia.org/resource/Heat_(1995_film)>": 3,
    "<http://dbpedia.org/resource/Hoffa_(film)>": 5,
    "<http://dbpedia.org/resource/Drama>": 8,
    "<http://dbpedia.org/resource/Splash_(film)>": 9,
}


def test_items_by_number_need_a_map(write, tmp_path):
    path = write(NUMBERED, {**NUMBERED, "is_user": 1}, {**NUMBERED, "rec": []})
    with pytest.raises(ConfigError, match="--ids"):
        read_dialogues(path)
    (tmp_path / "entity2id.json").write_text(json.dumps(ENTITIES))
    (tmp_path / "item_ids.json").write_text("[3, 5, 9]")
    (case,) = cases_of(path, ids=tmp_path / "entity2id.json")
    assert (case.id, case.group, case.turn) == ("valid_0-valid_4", "valid_0", 3)
    assert case.mentioned == ("7",)
    assert (case.gold, case.outside) == (("1",), ("Splash",))
    assert case.repeated_outside == {"Splash"}


def test_a_map_from_number_to_title_is_as_good(write, tmp_path):
    (tmp_path / "map.json").write_text(json.dumps({"3": "Heat (1995)", "5": "Hoffa"}))
    (case,) = cases_of(write({**NUMBERED, "rec": [3, 2]}), ids=tmp_path / "map.json")
    assert case.gold == ("1",)
    assert case.outside == ("number 2",)  # not the item that has the id 2
    (tmp_path / "map.json").write_text("[1]")
    with pytest.raises(DataError, match="no JSON object such as"):
        read_dialogues(write(NUMBERED), ids=tmp_path / "map.json")
    with pytest.raises(DataError, match="cannot be read as JSON"):
        read_dialogues(write(NUMBERED), ids=tmp_path / "absent.json")


OWN = {
    "id": "c1/2",
    "conversation": "c1",
    "turn": 2,
    "context": [
        {"speaker": "seeker", "text": "I loved Heat, less so Ronin"},
        {"speaker": "recommender", "text": "Ok"},
    ],
    "mentioned": [{"item": "Heat (1995)", "sentiment": "liked"}, "2"],
    "gold": ["7", "Up (2009)"],
    "response": "Hoffa.",
}


def test_our_own_format_and_its_schema(write):
    jsonschema.validate(OWN, json.loads(own_schema()))
    (case,) = cases_of(write(OWN))
    assert (case.mentioned, case.sentiment) == (("1", "2"), {"1": "liked"})
    assert (case.gold, case.outside) == (("7",), ("Up (2009)",))


WRONG = [
    (
        {**OWN, "context": [{"speaker": "bot", "text": ""}]},
        r':2:speaker: "bot"; allowed: seeker, recommender',
    ),
    ({**OWN, "context": [{"speaker": "seeker"}]}, ":2:text: this field is missing"),
    ({**OWN, "context": "hello"}, ":2:context: must be a list of objects"),
    ({**OWN, "gold": "Heat (1995)"}, ":2:gold: must be a list of texts"),
    ({**OWN, "gold": []}, ":2:gold: is empty"),
    ({**OWN, "mentioned": [{"item": "1", "sentiment": "meh"}]}, ':2:sentiment: "meh"; allowed: liked'),
    ({**OWN, "mentioned": [{"sentiment": "liked"}]}, ":2:item: this field is missing"),
    ({**OWN, "mentioned": [7]}, ":2:mentioned: must be a list"),
    ({**OWN, "mentioned": "Heat (1995)"}, ":2:mentioned: must be a list"),
    ({**OWN, "turn": "2"}, ":2:turn: must be a whole number"),
    ({key: value for key, value in OWN.items() if key != "gold"}, ":2:gold: this field is missing"),
]


@pytest.mark.parametrize(("row", "error"), WRONG)
def test_what_the_reader_refuses_the_schema_refuses_too(row, error, write):
    with pytest.raises(DataError, match=error):
        read_dialogues(write(OWN, row))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(row, json.loads(own_schema()))


def test_a_bad_row_is_named_by_file_line_and_field(write):
    with pytest.raises(DataError, match=r"log.jsonl:2:rec: must be a list of texts, got \"Ronin"):
        read_dialogues(write(PROCESSED, {**PROCESSED, "turn_id": 7, "rec": "Ronin (1998)"}))
    with pytest.raises(DataError, match=r"log.jsonl:2: not JSON"):
        read_dialogues(write(PROCESSED, "{"))
    with pytest.raises(DataError, match=r"log.jsonl:3: a line must be an object, got list"):
        read_dialogues(write(PROCESSED, "", "[1]"))
    with pytest.raises(DataError, match="two cases have the id '16-3'"):
        read_dialogues(write(PROCESSED, PROCESSED))
    with pytest.raises(DataError, match=r":1:movieMentions: must be an object"):
        read_dialogues(write({**RAW, "movieMentions": "x"}))
    with pytest.raises(DataError, match=r":1:senderWorkerId: this field is missing"):
        read_dialogues(write({**RAW, "messages": [{"text": "@111"}]}))


def test_an_unknown_file_says_what_is_known(write, tmp_path):
    with pytest.raises(DataError, match=f"{', '.join(FORMATS)}.*--schema"):
        read_dialogues(write({"hello": 1}))
    with pytest.raises(DataError, match="neither JSON Lines nor"):
        read_dialogues(write("a,b"))
    with pytest.raises(ConfigError, match="processed"):
        read_dialogues(write(PROCESSED), "procesed")
    with pytest.raises(DataError, match="no such file"):
        read_dialogues(tmp_path / "absent.jsonl")
    with pytest.raises(DataError, match="no moment in it"):
        read_dialogues(write({**RAW, "messages": []}))
    (tmp_path / "latin.jsonl").write_bytes(json.dumps(PROCESSED).encode() + b"\n\xe9\n")
    with pytest.raises(DataError, match="not UTF-8"):
        read_dialogues(tmp_path / "latin.jsonl")


def test_a_byte_order_mark_is_no_trouble(tmp_path):
    (tmp_path / "bom.jsonl").write_text(json.dumps(PROCESSED), encoding="utf-8-sig")
    assert len(read_dialogues(tmp_path / "bom.jsonl")) == 1


def here(path):
    if not path.exists():
        pytest.skip(f"{path} is not here: the real files are not in this repository")
    return path


def counted(path, names):
    cases = link(read_dialogues(path), names)
    return tuple(
        sum(map(len, column)) for column in zip(*((c.gold, c.new, c.outside) for c in cases), strict=True)
    )


def test_redial_itself():
    folder = here(SHARED / "redial")
    names = Names(redial_films(folder))
    assert counted(folder / "valid_data_processed.jsonl", names) == (
        3595,
        3314,
        0,
    )  # four were named before without their year
    assert counted(folder / "valid_data.jsonl", names) == (3859, 3576, 4)


def test_opendialkg_itself():
    folder = here(SHARED / "opendialkg")
    known = json.loads((folder / "id2info.json").read_text(encoding="utf-8"))
    catalog = Catalog([Item(film, told["name"], {}) for film, told in known.items()], Schema(attributes=()))
    gold, new, outside = counted(folder / "valid_data_processed.jsonl", Names(catalog))
    assert (gold, outside) == (1254, 0)
    assert 0 < new < gold
