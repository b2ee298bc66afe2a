"""Variants of foreign logs: what events say in other words, times in other forms, several items in a cell."""

import numpy as np
import pytest

ITEMS = "id,title\n" + "".join(f"{n},Thing {n}\n" for n in range(1, 8))
OPINIONS = {
    "scores of ten": ("score", "1", "9"),
    "thumbs": ("feedback", "down", "up"),
    "votes": ("vote", "-1", "1"),
    "drawn stars": ("stars", "★☆☆☆☆", "★★★★★"),
    "returns": ("type", "RETURN", "SALE"),
    "german": ("ereignis", "zurückgeschickt", "in den Warenkorb"),
    "negative counts": ("qty", "-2", "3"),
    "recommended or not": ("voted_up", "False", "True"),
    "not interested": ("action", "not_interested", "add_to_wishlist"),
    "a judgement": ("opinion", "negative", "positive"),
}


@pytest.mark.parametrize("name", sorted(OPINIONS))
def test_what_is_turned_down_is_not_what_people_take(shop, name):
    column, bad, good = OPINIONS[name]
    rows = "".join(
        f"u{user},{item},{bad if item == 7 else good},2024-01-{item:02}\n"
        for user in range(8)
        for item in (user % 5 + 1, (user + 1) % 5 + 1, 7)
    )
    status, said = shop.build(ITEMS, f"user,item,{column},date\n{rows}")
    assert status == 0, said
    log = shop.open().workspace.log
    assert log.feedback is not None
    assert set(log.item[log.feedback == -1].tolist()) == {6}
    assert "Thing 7" not in [card.title for card in shop.ask("surprise me").items[:5]]


TIMES = {
    "when": ("20240101", "20240215", "20231231"),
    "ts": ("202401011230", "202402151100", "202312312359"),
    "datum": ("31.01.24", "15.02.24", "01.01.24"),
    "played_at": ("2024-01-15T11:00:00.123Z", "2024-02-01T12:30:00.000Z", "2023-12-31T23:59:00.000Z"),
    "reviewTime": ("09 13, 2010", "05 1, 2014", "12 30, 2009"),
    "first_seen": ("1577836800", "1609459200", "1546300800"),
    "order_ts": ("1577836800123", "1609459200456", "1546300800789"),
}


@pytest.mark.parametrize("column", sorted(TIMES))
def test_times_order_a_history(shop, column):
    rows = "".join(f'u{user},{n},"{when}"\n' for user in range(3) for n, when in enumerate(TIMES[column], 1))
    status, said = shop.build(ITEMS, f"user,item,{column}\n{rows}")
    assert status == 0, said
    log = shop.open().workspace.log
    assert log.item[:3].tolist() == [2, 0, 1]
    assert np.all(log.timestamp > 1e9)


def test_histories_and_impressions_of_several_items_in_a_cell(shop):
    news = "".join(f"N{n}\tnews\tStory number {n}\tWhat happened on day {n}.\n" for n in range(1, 6))
    log = (
        "1\tU1\t11/11/2019 9:05:58 AM\tN1 N2\tN3-1 N4-0\n2\tU1\t11/12/2019 6:11:30 PM\tN1 N2\tN5-1 N3-0\n"
        "3\tU2\t11/14/2019 7:01:48 AM\tN2\tN1-0 N3-1\n4\tU3\t11/15/2019 7:01:48 AM\t\tN2-1 N4-0\n"
    )
    toml = (
        '[items]\ncolumns = ["news_id", "category", "title", "abstract"]\n'
        '[interactions]\ncolumns = ["impression_id", "user_id", "time", "history", "impressions"]\n'
    )
    status, said = shop.build(news, log, toml, names=("news.tsv", "behaviors.tsv"))
    assert status == 0, said
    assert "a row is made of each: history, impressions" in said
    events = shop.open().workspace.log
    told = sorted(
        zip(
            (events.users[u] for u in events.user),
            events.item.tolist(),
            events.feedback.tolist(),
            strict=True,
        )
    )
    assert told == [
        ("U1", 0, 1),
        ("U1", 1, 1),
        ("U1", 2, 0),
        ("U1", 2, 1),
        ("U1", 3, 0),
        ("U1", 4, 1),
        ("U2", 0, 0),
        ("U2", 1, 1),
        ("U2", 2, 1),
        ("U3", 1, 1),
        ("U3", 3, 0),
    ]


def test_a_column_that_may_say_what_people_thought_is_asked_about(shop):
    status, said = shop.build(
        ITEMS,
        "user,item,reaction\n" + "".join(f"u{n},{n},{'zap' if n % 2 else 'zip'}\n" for n in range(1, 7)),
    )
    assert status == 0, said
    assert "'zap', 'zip' may say what people thought" in said
