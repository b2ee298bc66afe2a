"""A conversation goes on after the catalogue under it has changed."""

import pytest

FULL = "sku,name,category,price\n" + "".join(
    f"S{n},{('Red', 'Blue')[n % 2]} {('lamp', 'desk', 'rug')[n % 3]} {n},{('light', 'work', 'floor')[n % 3]},{15 + 9 * n}\n"
    for n in range(24)
)
NO_PRICE = "\n".join(line.rpartition(",")[0] for line in FULL.splitlines()) + "\n"
ON_REQUEST = FULL.replace(",222\n", ",on request\n")


@pytest.mark.parametrize(("second", "dropped"), [(NO_PRICE, True), (ON_REQUEST, False)])
def test_a_session_with_a_condition_on_a_changed_column(shop, taken, second, dropped):
    log = taken([f"S{n}" for n in range(24)], head="customer,sku,date", row="{u},{i},2024-02-01")
    assert shop.build(FULL, log)[0] == 0
    with shop.open() as tm:
        first = tm.session("kept").send("a lamp under 100 euros")
        assert all(card.attributes["price"] < 100 for card in first.items)
    status, said = shop.build(second, log)
    assert status == 0, said
    with shop.open() as tm:
        session = tm.session("kept")
        reply = session.send("furniture for work please")
        assert reply.items
        assert ("“price” is no longer in this catalogue" in reply.text) is dropped
        assert "price” is no longer" not in session.send("more").text
        if not dropped:
            assert all(card.attributes["price"] < 100 for card in reply.items)


def test_a_liked_item_that_is_gone(shop, taken):
    log = taken([f"S{n}" for n in range(24)], head="customer,sku,date", row="{u},{i},2024-02-01")
    assert shop.build(FULL, log)[0] == 0
    with shop.open() as tm:
        tm.session("kept").like("S0")
    assert (
        shop.build(
            "\n".join(FULL.splitlines()[:1] + FULL.splitlines()[2:]) + "\n", more=("--skip-bad-rows",)
        )[0]
        == 0
    )
    with shop.open() as tm:
        assert tm.session("kept").send("a lamp").items
