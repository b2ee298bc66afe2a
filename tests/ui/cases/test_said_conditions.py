"""What a person says, against a catalogue that nobody prepared: amounts, negations, flags, names."""

import pytest

SHOP = (
    "sku,name,category,price,release_year,assembly_minutes,rating,weight_kg\n"
    "0,Grey kettle,kitchen,25,2013,5,3.6,1.1\n1,Oak bed,bedroom,900,2019,150,4.6,55\n2,Pine chair,living,140,2021,35,4.1,6\n"
    "3,Wool rug,living,60,2022,1,4.8,9\n4,Brass bell,decor,18,2004,2,2.7,0.5\n5,Corner sofa,living,2400,2017,240,4.3,70\n"
    "6,Clay bowl,kitchen,50,2000,1,3.9,1.8\n"
)
ALL = {"Grey kettle", "Oak bed", "Pine chair", "Wool rug", "Brass bell", "Corner sofa", "Clay bowl"}
UNDER_50 = {"Grey kettle", "Brass bell"}
AMOUNTS = {
    "not more than 50 euros": UNDER_50 | {"Clay bowl"},
    "nothing over 100 euros": UNDER_50 | {"Clay bowl", "Wool rug"},
    "don't show me anything above 60 euros": UNDER_50 | {"Clay bowl", "Wool rug"},
    "under 1,500 euros": ALL - {"Corner sofa"},
    "under 1.500 euros": ALL - {"Corner sofa"},
    "no more than 2000 dollars": ALL - {"Corner sofa"},
    "between 50 and 150 euros": {"Clay bowl", "Wool rug", "Pine chair"},
    "20 euros or less": {"Brass bell"},
    "less than 50 euros and rating at least 3": {"Grey kettle"},
    "under 300 and at least 4.2": {"Wool rug"},
    "price below 100, weight_kg under 1.5": UNDER_50,
    "at most 5 minutes to assemble": {"Grey kettle", "Wool rug", "Brass bell", "Clay bowl"},
    "€50 max": UNDER_50 | {"Clay bowl"},
    "my budget is 60 euros": UNDER_50 | {"Clay bowl", "Wool rug"},
    "cheaper than 50": UNDER_50,
    "under fifty euros": UNDER_50,
    "price under 100 and release year after 2010": {"Grey kettle", "Wool rug"},
    "not cheaper than 900 euros": {"Oak bed", "Corner sofa"},
    "not before 2019": {"Oak bed", "Pine chair", "Wool rug"},
    "in 2000": {"Clay bowl"},
    "under 60€ but not from 2000": UNDER_50,
    "USD 50 or less": UNDER_50 | {"Clay bowl"},
    "no kettles": ALL - {"Grey kettle"},
    "the cheapest": {"Brass bell"},
}


def test_amounts_in_many_words(shop, taken):
    status, said = shop.build(SHOP, taken([str(n) for n in range(7)]))
    assert status == 0, said
    tm = shop.open()
    shown = {said: {card.title for card in tm.session().send(said, k=7).items} for said in AMOUNTS}
    assert shown == AMOUNTS


def test_recipes_without_what_harms(shop, taken):
    items = (
        '{"name": "walnut bread", "id": 1, "minutes": 95, "tags": ["baking"], "ingredients": ["walnuts", "flour", "eggs"]}\n'
        '{"name": "leek soup", "id": 2, "minutes": 25, "tags": ["soup", "vegetarian"], "ingredients": ["leek", "cream"]}\n'
        '{"name": "pea stew", "id": 3, "minutes": 30, "tags": ["vegetarian"], "ingredients": ["peas", "potato"]}\n'
        '{"name": "pork roast", "id": 4, "minutes": 120, "tags": ["meat"], "ingredients": ["pork", "salt"]}\n'
    )
    status, said = shop.build(
        items,
        taken([1, 2, 3, 4], head="user_id,recipe_id,date", row="{u},{i},2020-01-02"),
        names=("items.jsonl", "log.csv"),
    )
    assert status == 0, said
    rest = {"leek soup", "pea stew", "pork roast"}
    assert (
        shop.shown("I'm allergic to walnuts, what can I cook?") == rest == shop.shown("without eggs please")
    )
    assert shop.shown("no meat please") == {"walnut bread", "leek soup", "pea stew"}
    assert shop.shown("no stews") == {"walnut bread", "leek soup", "pork roast"}
    assert shop.shown("something vegetarian in under 30 minutes") == {"leek soup"}
    assert "min minutes" not in shop.ask("less than 30 minutes").text
    assert "“lobster”" in shop.ask("no lobster").text


def test_jobs(shop, taken):
    items = (
        "job_id,title,company,location,remote,salary,years_experience,posted,description\n"
        "J0,Tester,Lumo,Graz,yes,52000,2,2024-02-01,Test payment software with care and write down all you find there.\n"
        "J1,Midwife,St. Vera,Linz,no,45000,1,2023-11-11,Help at births by day and on night shifts in a small friendly ward.\n"
        "J2,Baker,Kornhaus,Graz,no,31000,0,2025-01-20,Bake bread before dawn with a team of four bakers and one apprentice.\n"
        "J3,Data clerk,Lumo,Linz,yes,38000,3,2024-04-02,Keep tables clean and answer questions about numbers of every kind.\n"
    )
    status, said = shop.build(items, taken(["J0", "J1", "J2", "J3"], head="user_id,job_id,timestamp"))
    assert status == 0, said
    assert shop.shown("a remote job in Graz") == {"Tester"}
    assert shop.shown("posted after 2024") == {"Baker"}
    assert shop.shown("salary up to 45,000") == {"Midwife", "Baker", "Data clerk"}
    assert shop.shown("no night shifts please") == {"Tester", "Baker", "Data clerk"}
    assert shop.shown("no, not Graz") == {"Midwife", "Data clerk"}
    no_managers = shop.ask("no managers")
    assert len(no_managers.items) == 4
    assert "“managers”" in no_managers.text
    assert shop.shown("a remote job in Graz", "a baker job instead, remote or not") >= {"Baker"}


def test_clothes(shop, taken):
    items = (
        "sku,product,colour,size,vegan,materials,price\n0,Hemp shirt,green,M,yes,hemp/cotton,35\n"
        "1,Felt hat,grey,L,no,wool,60\n2,Cork shoe,brown,XL,yes,cork,75\n3,Suede belt,brown,M,no,leather,28\n"
    )
    status, said = shop.build(
        items, taken("0123", head="customer,sku,bought_at"), '[items]\ntitle="product"\n'
    )
    assert status == 0, said
    assert shop.shown("no leather") == {"Hemp shirt", "Felt hat", "Cork shoe"}
    assert len(shop.shown("no, something else")) == 4 == len(shop.shown("yes please, something for rain"))
    assert shop.shown("vegan shoes") == {"Hemp shirt", "Cork shoe"}
    size = shop.ask("size M please")
    assert {card.title for card in size.items} == {"Hemp shirt", "Suede belt"}
    assert "have size M" in size.message
    assert " m," not in size.text
    assert shop.shown("nothing over 50") == {"Hemp shirt", "Suede belt"}


def test_items_of_one_title_are_all_shown_and_told_apart(shop, taken):
    items = (
        "track_id,track_name,artist,genre,year,duration_ms\nt0,Rain,Ada Moe,pop,2011,215000\nt1,Rain,Lou Pike,soul,1979,265000\n"
        "t2,Rain,The Oars,rock,2001,190000\nt3,Shore,Lou Pike,soul,1981,241000\n"
    )
    status, said = shop.build(items, taken(["t0", "t1", "t2", "t3"], head="user_id,track_id,timestamp"))
    assert status == 0, said
    assert [card.title for card in shop.ask("a song").items].count("Rain") == 3
    with pytest.raises(Exception, match=r"Rain \(Ada Moe\)"):
        shop.ask("more", liked=["Rain"])
    session = shop.open().session()
    session.send("I love Rain by Lou Pike, more like it")
    assert session.profile.likes == ("t1",)
    short = shop.ask("shorter than 4 minutes")
    assert {card.id for card in short.items} == {"t0", "t2"}
    assert "4 min" in short.message


def test_hotels_songs_and_menus(shop, taken):
    """Other domains: a fare in pounds, rooms, seconds in a song's length, a superlative of the list shown."""
    items = (
        "hotel_id,name,district,fare,bedrooms,tour_duration_s,rating\nH1,Gull House,Harbour,£60,2,200,4.4\n"
        "H2,Mill Inn,Old Town,£140,3,300,4.1\nH3,Top Flat,North,£95,4,215,3.8\nH4,The Loft,Harbour,£240,1,90,4.9\n"
    )
    status, said = shop.build(items, taken(["H1", "H2", "H3", "H4"], head="user,hotel_id,date"))
    assert status == 0, said
    assert shop.shown("no more than £95, not in the Old Town") == {"Gull House", "Top Flat"}
    assert shop.shown("3 or 4 bedrooms") == {"Mill Inn", "Top Flat"}
    assert shop.shown("shorter than 4 minutes") == {"Gull House", "Top Flat", "The Loft"}
    assert shop.shown("under 150 and at least 4.2") == {"Gull House"}
    assert shop.shown("in Harbour", "which is cheaper?") == {"Gull House"}
