"""Columns as others fill them: money, units, magnitudes, percentages, flags, sizes."""

import pytest

FEED = (
    "id,title,description,price,availability,condition\n"
    'T1,Tablet 10&quot; Max,<p>Big &amp; bright tablet.</p>,"1.149,00 EUR",in stock,new\n'
    'T2,Tablet 8&quot;,<p>Small tablet.</p>,"249,50 EUR",out of stock,used\n'
    'T3,Stylus,<ul><li>For drawing</li></ul>,"24,99 EUR",in stock,refurbished\n'
)


@pytest.mark.parametrize("toml", ["", '[items.kinds]\nprice="number"\n'])
def test_a_merchant_feed(shop, taken, toml):
    status, said = shop.build(FEED, taken(["T1", "T2", "T3"]), toml)
    assert status == 0, said
    item = shop.catalog()["T1"]
    assert (item.title, item.attributes["price"]) == ('Tablet 10" Max', 1149.0)
    assert item.attributes["description"] == "Big & bright tablet."
    assert shop.shown("a tablet under 1000 euros") == {'Tablet 8"', "Stylus"}
    assert shop.shown("nothing refurbished") == {'Tablet 10" Max', 'Tablet 8"'}
    assert "€300" in shop.ask("a used tablet under 300 €").message
    assert "€249.50" in shop.ask("under 1000 euros").text


def test_an_app_store(shop, taken):
    items = (
        "package_id,App,Category,Rating,Reviews,Size,Installs,Price,Last Updated\n"
        'a.0,Plan It,WORK,4.6,"2,048",19M,"1,000,000+",$3.49,"March 3, 2019"\n'
        'a.1,Bird Song,NATURE,4.7,88,900k,"10,000+",0,"May 9, 2016"\na.2,Maze Two,GAME,NaN,0,31M,50+,$1.99,"June 1, 2018"\n'
        'a.3,Tide,NATURE,3.9,"5,001",Varies with device,"500,000+",0,"July 8, 2018"\n'
    )
    status, said = shop.build(items, taken([f"a.{n}" for n in range(4)], head="user,package_id,ts"))
    assert status == 0, said
    assert "Varies with device" in said
    assert shop.catalog()["a.0"].attributes["Installs"] == 1_000_000
    assert shop.shown("more than 1000 reviews") == {"Plan It", "Tide"}
    assert shop.shown("rating at least 4.5") == {"Plan It", "Bird Song"}
    assert shop.shown("updated after 2017") == {"Plan It", "Maze Two", "Tide"}
    assert shop.shown("smaller than 20 MB") == {"Plan It", "Bird Song"}
    reply = shop.ask("a free app")
    assert {card.title for card in reply.items} == {"Bird Song", "Tide"}
    assert "free" in reply.message


def test_dollars_kilos_percentages_and_american_dates(shop, taken):
    items = (
        "sku,title,price,weight,in_stock,added_on,discount,seats\n"
        'P0,Red lamp,$45.00,0.4 kg,TRUE,02/13/2023,15%,NA\nP1,Blue lamp,"$1,045.10",3.5 kg,FALSE,12/30/2018,50%,NA\n'
        "P2,Long sofa,$399.00,41 kg,TRUE,07/04/2021,50%,3\nP3,Small sofa,$99.99,22 kg,TRUE,01/19/2019,5%,2\n"
    )
    status, said = shop.build(
        items, taken(["P0", "P1", "P2", "P3"], head="customer,sku,date", row="{u},{i},2024-05-02")
    )
    assert status == 0, said
    assert shop.shown("a lamp under 50 dollars") == {"Red lamp"} == shop.shown("lighter than 1 kg")
    assert shop.shown("added after 2020") == {"Red lamp", "Long sofa"}
    assert shop.shown("at least 3 seats") == {"Long sofa"}
    assert [card.title for card in shop.ask("the cheapest lamp").items] == ["Red lamp"]
    assert [card.title for card in shop.ask("price under 400", "which one is the heaviest?").items] == [
        "Long sofa"
    ]


def test_courses_by_length_and_price(shop, taken):
    rows = [
        ("c0", "Intro to Clay", "Beginner", "1 week", "Free", "4.6", '"1,870"'),
        ("c1", "Clay in Depth", "Advanced", "9 weeks", "79", "4.8", "120"),
        ("c2", "Drawing Faces", "Beginner", "3 weeks", "0", "3.9", '"14,000"'),
        ("c3", "Drawing Hands", "Advanced", "5 weeks", "35", "4.1", "64"),
    ]
    items = "course_id,title,level,duration,price,rating,enrolled\n" + "".join(
        ",".join(row) + "\n" for row in rows
    )
    status, said = shop.build(items, taken([row[0] for row in rows], head="user_id,course_id,timestamp"))
    assert status == 0, said
    assert (
        shop.shown("shorter than 4 weeks") == {"Intro to Clay", "Drawing Faces"} == shop.shown("free courses")
    )
    assert "1 week long" in shop.ask("shorter than 4 weeks").text
    assert shop.shown("under 60 dollars") == {"Intro to Clay", "Drawing Faces", "Drawing Hands"}
    assert shop.shown("more than 1000 enrolled") == {"Intro to Clay", "Drawing Faces"}
    reply = shop.ask("something for advanced learners, not drawing")
    assert [card.title for card in reply.items] == ["Clay in Depth"]
    assert "“drawing”" in reply.text
