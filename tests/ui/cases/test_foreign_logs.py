"""Logs as others keep them: which column is the item and the time, and what an event means."""

import pytest

ITEMS = "id,title,kind\n" + "".join(
    f"{n},Item {name},x\n" for n, name in enumerate(("ash", "elm", "fir", "oak", "yew"))
)
START = "surprise me"


def test_returns_are_no_purchases(shop):
    items = "StockCode,Description,UnitPrice\nA1,RED MUG,2.5\nA2,TIN BOX,4\nA3,PAPER BAG,1\n"
    rows = [
        f"C{u}{i},{code},{count},2011-03-0{u + 1} 09:0{i}:00,{u}"
        for u in range(6)
        for i, (code, count) in enumerate((("A1", -4), ("A2", 3), ("A3", 1)))
    ]
    toml = (
        '[items]\nid="StockCode"\ntitle="Description"\n[interactions]\nitem="StockCode"\nuser="CustomerID"\n'
        'timestamp="InvoiceDate"\nrating="Quantity"\n'
    )
    log = "\n".join(("InvoiceNo,StockCode,Quantity,InvoiceDate,CustomerID", *rows))
    status, said = shop.build(items, log, toml)
    assert (status, "12 likes" in said, "6 dislikes" in said) == (0, True, True), said
    assert shop.ask(START).items[-1].title == "RED MUG"


@pytest.mark.parametrize(
    ("head", "bad", "good"),
    [
        ("user_id,item_id,rating,timestamp", "{u},{i},1,{t}", "{u},{i},5,{t}"),
        (
            "event_time,event_type,product_id,user_id",
            "2021-01-0{d}T00:00:00Z,remove_from_cart,{i},{u}",
            "2021-01-0{d}T00:00:00Z,purchase,{i},{u}",
        ),
        ("user_id,app_id,is_recommended,date", "{u},{i},false,2022-03-0{d}", "{u},{i},true,2022-03-0{d}"),
    ],
)
def test_what_everybody_disliked_does_not_lead(shop, head, bad, good):
    """All twenty say no to item 2, which is taken most often; each says yes to two others."""
    rows = [
        (bad if i == 2 else good).format(u=f"u{u}", i=i, t=1000 + u, d=d)
        for u in range(20)
        for d, i in enumerate((2, (0, 1, 3, 4)[u % 4], (1, 3, 4, 0)[u % 4]), 1)
    ]
    status, said = shop.build(ITEMS, "\n".join((head, *rows)))
    assert (status, "20 dislikes" in said) == (0, True), said
    assert shop.ask(START).items[0].title != "Item fir"
    assert shop.ask(START).items[-1].title == "Item fir"


@pytest.mark.parametrize(
    ("head", "times"),
    [
        ("user_id,product_id,date", (20191003, 20191002, 20191001)),
        ("customer_id,article_id,t_dat", ("2020-09-03", "2020-09-02", "2020-09-01")),
        ("user,track_id,played_at", ("2024-02-03T10:00:00Z", "2024-02-02T10:00:00Z", "2024-02-01T10:00:00Z")),
        ("reviewerID,asin,unixReviewTime", (1400000200, 1400000100, 1400000000)),
    ],
)
def test_the_time_is_found_and_orders_a_log_that_is_newest_first(shop, head, times):
    rows = [
        f"u{u},{i},{when}"
        for u in range(4)
        for i, when in zip((u % 5, (u + 1) % 5, (u + 2) % 5), times, strict=True)
    ]
    status, said = shop.build(ITEMS, "\n".join((head, *rows)))
    assert (status, f"{head.split(',')[-1]} → timestamp" in said) == (0, True), said
    first = next(shop.open().workspace.interactions.histories())
    assert [shop.catalog().ids[row] for row in first] == ["2", "1", "0"]


def test_a_row_number_is_no_item(shop):
    log = "id,user_id,book_id,rating,created_at\n" + "".join(
        f"{n + 1},u{n // 3},{(n * 3) % 5 if n % 3 else 4},5,2024-01-0{n % 3 + 1}T10:00:00\n"
        for n in range(12)
    )
    status, said = shop.build(ITEMS, log)
    assert (status, "book_id → item" in said) == (0, True), said
    assert shop.ask(START).items[0].title == "Item yew"


def test_reviews_with_a_variant_and_its_parent(shop):
    items = "".join(
        f'{{"title": "{name}", "parent_asin": "B{n}", "price": {n + 9.5}, "average_rating": 4.{n}}}\n'
        for n, name in enumerate(("Hand Balm", "Foot Balm", "Clay Mask"))
    )
    log = "".join(
        f'{{"rating": 5.0, "asin": "V{u}{n}", "parent_asin": "B{n}", "user_id": "A{u}", "timestamp": {1588615855070 + n}}}\n'
        for u in range(5)
        for n in range(3)
    )
    status, said = shop.build(items, log, names=("items.jsonl", "log.jsonl"))
    assert (status, "parent_asin → item" in said) == (0, True), said
    assert shop.shown("a balm under 10 dollars") == {"Hand Balm"}


def test_a_log_of_another_catalogue_is_refused(shop, taken):
    status, said = shop.build(ITEMS, taken(["z1", "z2"]))
    assert status == 2
    assert "z1" in said
