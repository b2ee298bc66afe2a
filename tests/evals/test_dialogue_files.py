import json
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

from tastemaker.evals.dialogue_case import Opinion, Speaker
from tastemaker.evals.dialogue_files import detected_format, read_dialogues
from tastemaker.evals.dialogue_titles import DialogueTitles
from tastemaker.evals.own_dialogues import dialogue_schema
from tastemaker.retrieval.catalog import Catalog, Item
from tastemaker.retrieval.errors import ConfigError, DataError
from tastemaker.retrieval.schema import Attribute, Kind, Schema

SHARED = Path(__file__).parents[3] / "shared" / "data"

GENRES = Schema(attributes=(Attribute(name="genres", kind=Kind.TAGS),))
CATALOG = Catalog(
    [
        Item("1", "Heat (1995)", {"genres": ("Crime", "Drama")}),
        Item("2", "Ronin (1998)", {}),
        Item("3", "Why Him? (2016)", {}),
        Item("4", "Frozen (2010)", {}),
        Item("5", "Frozen (2010)", {}),
        Item("6", "Drama", {}),
        Item("7", "Hoffa (1992)", {}),
    ],
    GENRES,
)


@pytest.fixture
def write(tmp_path):
    def make(*rows, name="log.jsonl"):
        lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
        (tmp_path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
        return tmp_path / name

    return make


PROCESSED = {
    "dialog_id": "16", "turn_id": 3, "context": ["", "Hi!", "I like Heat  (1995)"],
    "entity": ["Drama", "Heat  (1995)", "Al Pacino"], "rec": ["Ronin (1998)", "Heat (1995)", "Up (2009)"],
    "resp": "See Ronin (1998)!",
}  # fmt: skip


def test_processed_rows(write):
    found = read_dialogues(write(PROCESSED, {**PROCESSED, "turn_id": 5, "rec": []}), CATALOG)
    (case,) = found.cases
    assert found.format == "processed"
    assert found.skipped == {"answers without items": 1}
    assert (case.id, case.conversation, case.turn) == ("16/3", "16", 3)
    assert [(said.speaker.value, said.text) for said in case.context] == [
        ("recommender", "Hi!"), ("seeker", "I like Heat (1995)"),
    ]  # fmt: skip
    assert case.mentioned == ("1",)  # "Drama" is a genre here, though a film is called so
    assert case.mentions[0].by is Speaker.SEEKER
    assert case.gold == ("2", "1", "outside:Up (2009)")
    assert case.new_gold == ("2", "outside:Up (2009)")
    assert case.outside == ("outside:Up (2009)",)
    assert case.said_last() == "I like Heat (1995)"
    assert found.counts()["gold outside the catalogue"] == 1


def test_titles_are_matched_exactly_or_not_at_all():
    titles = DialogueTitles(CATALOG)
    assert titles.named("why him%3F  (2016)") == "3"
    assert titles.named("Why Him? (2015)") is None
    assert titles.named("Heat 2 (1995)") is None
    assert titles.named("Frozen (2010)") == "4"
    assert titles.canonical("5") == "4"
    assert titles.item("2", "Heat (1995)") == "1"  # another catalogue's id
    assert titles.item("2", None) == "2"
    assert titles.named_without_year("Hoffa") == "7"


RAW = {
    "conversationId": "391", "initiatorWorkerId": 7, "respondentWorkerId": 9,
    "movieMentions": {"111": "Heat  (1995)", "222": "Ronin (1998)", "3": "Splash  (1984)", "50": None},
    "initiatorQuestions": {"111": {"liked": 0, "seen": 1, "suggested": 0}, "222": {"liked": 1}},
    "respondentQuestions": [],
    "messages": [
        {"senderWorkerId": 7, "text": "Not like @111"}, {"senderWorkerId": 7, "text": "please"},
        {"senderWorkerId": 9, "text": "Then @222 or @3"}, {"senderWorkerId": 7, "text": "no"},
        {"senderWorkerId": 9, "text": "@50 ? or @222 again"}, {"senderWorkerId": 9, "text": "Bye"},
    ],
}  # fmt: skip


def test_raw_redial(write):
    found = read_dialogues(write(RAW), CATALOG)
    first, second = found.cases
    assert found.format == "redial"
    assert first.context[0].text == "Not like Heat (1995) please"
    assert first.gold == ("2", "outside:Splash (1984)")
    assert first.mentions[0].opinion is Opinion.DISLIKED
    assert second.gold == ("outside:ReDial 50", "2")
    assert second.repeated == {"2"}
    assert [(m.item, m.opinion and m.opinion.value) for m in second.mentions] == [
        ("1", "disliked"),
        ("2", "liked"),
    ]


def test_raw_redial_without_films_is_no_error(write):
    empty = {**RAW, "conversationId": "392", "movieMentions": [], "initiatorQuestions": []}
    assert len(read_dialogues(write(RAW, empty), CATALOG).cases) == 2


HEADER = "dialog_id\tutt_id\tspeaker\tturn_id\ttext\tmovies\tgenres"


def test_inspired(write):
    lines = [
        HEADER,
        "a.pkl\t1\tRECOMMENDER\t1\tHello\t\t",
        "a.pkl\t2\tSEEKER\t1\tI saw QUOTATION_MARKHeatQUOTATION_MARK\tHeat (1995)\t",
        "a.pkl\t3\tRECOMMENDER\t2\tMe too\t\t",
        "a.pkl\t4\tRECOMMENDER\t2\tSee Ronin, or Heat again\tRonin (1998);  Heat (1995)\t",
    ]
    found = read_dialogues(write(*lines, name="dev.tsv"), CATALOG)
    (case,) = found.cases
    assert found.format == "inspired"
    assert found.skipped == {"answers without items": 1}
    assert case.context[1].text == 'I saw "Heat"'
    assert (case.gold, case.new_gold) == (("2", "1"), ("2",))
    assert case.answer == "Me too See Ronin, or Heat again"


def test_opendialkg_as_published(write):
    walk = {
        "path": [0.5, [["Heat (1995)", "starred_actors", "X"], ["X", "~starred_actors", "Ronin (1998)"]], ""]
    }
    messages = [
        {"type": "chat", "sender": "user", "message": "Do you know Heat?"},
        {"type": "action", "sender": "assistant", "action_id": "kgwalk/choose", "metadata": walk},
        {"type": "chat", "sender": "assistant", "message": "Yes. There is Ronin too."},
    ]
    cell = json.dumps(messages).replace('"', '""')
    path = write("Messages,User Rating,Assistant Rating", f'"{cell}","{{}}","{{}}"', name="opendialkg.csv")
    found = read_dialogues(path, CATALOG)
    assert found.format == "opendialkg"
    assert [(case.gold, case.answer) for case in found.cases] == [(("2",), "Yes. There is Ronin too.")]


ZERO_SHOT = {
    "context": ["", "Hi", "I like Hoffa"], "resp": "Heat!", "rec": [3, 9], "entity": [3], "prev_entity": [5, 8, 9],
    "dialog_id": "valid_0", "turn_id": "valid_4", "is_user": 0,
}  # fmt: skip
NAMES = {
    "<http://dbpedia.org/resource/Heat_(1995_film)>": 3,
    "<http://dbpedia.org/resource/Hoffa_(film)>": 5,
    "<http://dbpedia.org/resource/Drama>": 8,
    "<http://dbpedia.org/resource/Splash_(film)>": 9,
}


def test_zero_shot_rows_need_an_id_map(write, tmp_path):
    path = write(ZERO_SHOT, {**ZERO_SHOT, "is_user": 1}, {**ZERO_SHOT, "rec": []})
    with pytest.raises(ConfigError, match="--id-map"):
        read_dialogues(path, CATALOG)
    (tmp_path / "entity2id.json").write_text(json.dumps(NAMES))
    (tmp_path / "item_ids.json").write_text("[3, 5, 9]")
    found = read_dialogues(path, CATALOG, id_map=tmp_path / "entity2id.json")
    (case,) = found.cases
    assert found.skipped == {"answers of the seeker": 1, "answers without items": 1}
    assert case.mentioned == ("7",)
    assert case.gold == ("1", "outside:Splash")
    assert case.repeated == {"outside:Splash"}


def test_a_map_from_number_to_title_is_as_good(write, tmp_path):
    (tmp_path / "map.json").write_text(json.dumps({"3": "Heat (1995)", "5": "Hoffa", "9": "2"}))
    (case,) = read_dialogues(write(ZERO_SHOT), CATALOG, id_map=tmp_path / "map.json").cases
    assert case.gold == ("1", "2")


OWN = {
    "conversation": "c1",
    "turns": [
        {
            "speaker": "seeker",
            "text": "I loved Heat",
            "items": [{"title": "Heat (1995)", "opinion": "liked"}],
        },
        {"speaker": "recommender", "text": "Then Ronin.", "items": [{"id": "2"}]},
        {"speaker": "seeker", "text": "Seen it, too loud", "items": [{"id": 2, "opinion": "disliked"}]},
        {"speaker": "recommender", "text": "Up?", "items": [{"title": "Up (2009)"}]},
        {"speaker": "recommender", "text": "Or Hoffa.", "items": [{"id": "7", "title": "Hoffa (1992)"}]},
    ],
}


def test_our_own_format_and_its_schema(write):
    jsonschema.validate(OWN, json.loads(dialogue_schema()))
    found = read_dialogues(write(OWN), CATALOG)
    first, second = found.cases
    assert found.format == "own"
    assert (first.gold, first.mentions[0].opinion) == (("2",), Opinion.LIKED)
    assert second.gold == ("outside:Up (2009)", "7")
    assert [(m.item, m.by, m.opinion) for m in second.mentions][-1] == (
        "2",
        Speaker.RECOMMENDER,
        Opinion.DISLIKED,
    )


WRONG = [
    ({**OWN, "turns": [{"speaker": "bot", "text": ""}]}, "speaker 'bot'; allowed: seeker, recommender"),
    ({**OWN, "turns": [{"speaker": "seeker"}]}, "no field 'text'"),
    ({**OWN, "extra": 1}, "no field 'extra' in this format"),
    ({**OWN, "turns": [{"speaker": "seeker", "text": "x", "items": [{"opinion": "liked"}]}]}, "needs an id or a title"),
    ({**OWN, "turns": [{"speaker": "seeker", "text": "x", "items": [{"id": "1", "opinion": "meh"}]}]}, "opinion 'meh'"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "said"), WRONG)
def test_what_the_reader_refuses_the_schema_refuses_too(row, said, write):
    with pytest.raises(DataError, match=said):
        read_dialogues(write(OWN, row), CATALOG)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(row, json.loads(dialogue_schema()))


def test_a_bad_row_is_named_by_file_line_and_field(write):
    bad = {**PROCESSED, "turn_id": 7, "rec": "Ronin (1998)"}
    with pytest.raises(DataError, match=r"log.jsonl:2:rec: rec must be a list of texts"):
        read_dialogues(write(PROCESSED, bad), CATALOG)
    with pytest.raises(DataError, match=r"log.jsonl:2: no JSON"):
        read_dialogues(write(PROCESSED, "{"), CATALOG)
    with pytest.raises(DataError, match="16/3 stand in it twice"):
        read_dialogues(write(PROCESSED, PROCESSED), CATALOG)


def test_an_unknown_format_says_what_there_is(write, tmp_path):
    with pytest.raises(DataError, match="--schema"):
        detected_format(write({"hello": 1}))
    with pytest.raises(ConfigError, match="processed"):
        read_dialogues(write(PROCESSED), CATALOG, "procesed")
    with pytest.raises(DataError, match="cannot be read"):
        detected_format(tmp_path / "absent.jsonl")
    with pytest.raises(DataError, match="no turn of a recommender"):
        read_dialogues(write({**PROCESSED, "rec": []}), CATALOG)


def test_a_bad_line_of_inspired_is_named(write):
    with pytest.raises(DataError, match=r"dev.tsv:2:speaker: speaker 'BOT'"):
        read_dialogues(write(HEADER, "a\t1\tBOT\t1\tHello\t\t", name="dev.tsv"), CATALOG)
    with pytest.raises(DataError, match="too few columns"):
        read_dialogues(write(HEADER, "a\t1\tSEEKER", name="dev.tsv"), CATALOG)


def test_the_schema_ships():
    assert (files("tastemaker.evals") / "data/dialogues.schema.json").is_file()


def catalog_of(path):
    if not path.is_file():
        pytest.skip(f"{path} is not here: the real files are not in this repository")
    films = json.loads(path.read_text(encoding="utf-8"))
    return Catalog([Item(film, known["name"], {}) for film, known in films.items()], Schema(attributes=()))


def test_redial_itself():
    folder = SHARED / "redial"
    catalog = catalog_of(folder / "id2info.json")
    rows = read_dialogues(folder / "valid_data_processed.jsonl", catalog).counts()
    assert (rows["cases"], rows["gold"], rows["gold outside the catalogue"]) == (2716, 3595, 0)
    raw = read_dialogues(folder / "valid_data.jsonl", catalog)
    assert raw.format == "redial"
    assert (raw.counts()["cases"], raw.counts()["gold outside the catalogue"]) == (2907, 4)


def test_opendialkg_itself():
    folder = SHARED / "opendialkg"
    found = read_dialogues(folder / "valid_data_processed.jsonl", catalog_of(folder / "id2info.json"))
    assert (found.counts()["cases"], found.counts()["gold outside the catalogue"]) == (1188, 0)
