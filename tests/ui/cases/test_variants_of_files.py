"""Variants of foreign files: other currencies, languages, scripts, quotes, dates and lists than in the first cases."""

import pytest

from tastemaker.retrieval.catalog.media import media_fields
from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.retrieval.errors import QueryError
from tastemaker.retrieval.filters.constraints import Constraint, Op, check

PRICES = {
    "pounds": ('"£1,299.00"', "£89.90", "£450", "something under 100 pounds"),
    "francs": ("CHF 1'299.00", "CHF 89.90", "CHF 450.-", "unter 100 Franken"),
    "crowns": ("1 299 kr", '"89,90 kr"', "450 kr", "billigare än 100 kr"),
    "rupees": ('"₹1,29,900"', "₹2500", '"₹45,000.00"', "under 3000 rupees"),
    "yen": ("1500円", "900円", "1200円", "1000円以下"),
    "yuan": ("300元", "25元", "40元", "不超过25元"),
    "roubles": ("9000 ₽", "800 ₽", "1500 ₽", "не дороже 1000 руб"),
    "reais": ('"R$ 1.299,00"', '"R$ 89,90"', '"R$ 450,00"', "mais barato que 100 reais"),
}


@pytest.mark.parametrize("name", sorted(PRICES))
def test_money_of_many_countries(shop, name):
    *prices, question = PRICES[name]
    rows = "".join(f"{n},Thing {n},{price}\n" for n, price in enumerate(prices, 1))
    status, said = shop.build(f"id,title,price\n{rows}")
    assert status == 0, said
    assert shop.shown(question) == {"Thing 2"}


TABLES = {
    "french": (
        "Réf;Désignation;Catégorie;Prix;Poids;En stock\n01;Théière;Cuisine;24,50 €;1,2 kg;oui\n"
        "02;Fauteuil;Meubles;1 249,00 €;18 kg;non\n03;Lampe;Lumière;59,90 €;0,8 kg;oui\n",
        "cp1252",
        {
            "moins de 50 euros": {"Théière"},
            "pas de meubles": {"Théière", "Lampe"},
            "plus léger que 1 kg": {"Lampe"},
            "en stock": {"Théière", "Lampe"},
            "rien au-dessus de 100 euros": {"Théière", "Lampe"},
        },
    ),
    "spanish": (
        "código;título;categoría;precio;disponible\n1;Tetera;cocina;24,50;sí\n2;Sillón;muebles;1.249,00;no\n"
        "3;Lámpara;luz;59,90;sí\n",
        "utf-8",
        {
            "más barato que 50": {"Tetera"},
            "sin muebles": {"Tetera", "Lámpara"},
            "nada por encima de 100 euros": {"Tetera", "Lámpara"},
            "disponible": {"Tetera", "Lámpara"},
        },
    ),
    "italian": (
        "codice;nome;categoria;prezzo;disponibile\n1;Teiera;cucina;24,50;sì\n2;Poltrona;mobili;1.249,00;no\n"
        "3;Lampada;luce;59,90;sì\n",
        "utf-8-sig",
        {
            "non più di 50 euro": {"Teiera"},
            "niente mobili": {"Teiera", "Lampada"},
            "disponibile": {"Teiera", "Lampada"},
        },
    ),
    "german jobs": (
        "ref,jobtitle,arbeitsort,homeoffice,gehalt,veröffentlicht\n1,Pfleger,Berlin,ja,42.000 €,01.03.2024\n"
        "2,Koch,Hamburg,nein,35.000 €,15.11.2023\n3,Entwickler,München,ja,75.000 €,20.05.2024\n",
        "utf-8",
        {
            "mehr als 40.000 Euro": {"Pfleger", "Entwickler"},
            "nicht in Hamburg": {"Pfleger", "Entwickler"},
            "im Homeoffice": {"Pfleger", "Entwickler"},
            "mindestens 50k": {"Entwickler"},
            "veröffentlicht nach 2023": {"Pfleger", "Entwickler"},
        },
    ),
    "chinese": (
        "编号,名称,类别,价格,语言\n1,卧虎藏龙,动作，爱情,30元,中文\n2,教父,犯罪,25元,英文\n3,霸王别姬,爱情、历史,40元,中文\n"
        "4,咒怨,恐怖,15元,日文\n",
        "utf-8",
        {
            "不要恐怖片": {"卧虎藏龙", "教父", "霸王别姬"},
            "中文电影，30元以下": {"卧虎藏龙"},
            "除了爱情": {"教父", "咒怨"},
        },
    ),
    "japanese": (
        "id,タイトル,ジャンル,価格\n1,七人の侍,時代劇、ドラマ,1500円\n2,千と千尋,アニメ、ファンタジー,2000円\n3,羅生門,時代劇、ミステリー,900円\n",
        "utf-8",
        {
            "時代劇以外": {"千と千尋"},
            "アニメが見たい": {"千と千尋"},
            "1500円以下の映画": {"七人の侍", "羅生門"},
        },
    ),
    "mixed units": (
        "id,name,price,weight,length,capacity\n1,Tent A,£120,5 lb,6 ft,2 person\n2,Tent B,£300,8 lbs,7.5 ft,4 person\n"
        "3,Bag C,£40,12 oz,18 in,30 L\n4,Bag D,£55,1.5 lbs,20 in,45 L\n",
        "utf-8",
        {
            "lighter than 2 kg": {"Bag C", "Bag D"},
            "shorter than 1 m": {"Bag C", "Bag D"},
            "at least 40 litres": {"Bag D"},
        },
    ),
    "dates of mixed precision": (
        'id,title,release_date\n1,A,1998\n2,B,2001-05-12\n3,C,2001-07\n4,D,"Oct 21, 2008"\n',
        "utf-8",
        {"released before 2000": {"A"}, "released after 2001": {"D"}},
    ),
    "postgres and python lists": (
        "id,title,tags,cast,genres\n1,A,\"['dark', 'slow']\",\"{Ann Lee,Bo Ray}\",\"[{'id': 1, 'name': 'Horror'}]\"\n"
        "2,B,['funny'],{Cy Dee},\"[{'id': 2, 'name': 'Comedy'}]\"\n3,C,\"['slow', 'funny']\",{Ann Lee},[]\n4,D,[],{},[]\n",
        "utf-8",
        {"no horror": {"B", "C", "D"}, "nothing slow": {"B", "D"}, "with Ann Lee": {"A", "C"}},
    ),
}


@pytest.mark.parametrize("name", sorted(TABLES))
def test_tables_of_other_countries_and_programs(shop, name):
    items, encoding, questions = TABLES[name]
    if encoding == "utf-8" and name == "chinese":
        items = items.replace("动作，爱情", '"动作，爱情"')
    status, said = shop.build(items, encoding=encoding)
    assert status == 0, said
    wrong = {asked: found for asked, wanted in questions.items() if (found := shop.shown(asked)) != wanted}
    assert not wrong


def test_pictures_and_links_are_shown_and_never_searched_or_filtered(shop):
    rows = "".join(
        f"{n},Mug {n},//cdn.example/oak{n}.jpg,https://shop.example/oak/{n},{'clay' if n % 2 else 'tin'}\n"
        for n in range(1, 5)
    )
    status, said = shop.build(f"id,title,image,product_url,made_of\n{rows}")
    assert status == 0, said
    catalog = shop.catalog()
    assert [catalog.schema[name].kind for name in ("image", "product_url")] == [Kind.IMAGE, Kind.LINK]
    assert (media_fields(catalog).image, media_fields(catalog).link) == ("image", "product_url")
    assert catalog["1"].attributes["image"] == "https://cdn.example/oak1.jpg"
    reply = shop.ask("something of oak")
    assert "example" not in reply.text
    assert reply.items[0].attributes["image"].startswith("https://cdn.example")
    with pytest.raises(QueryError, match="only shown"):
        check(Constraint(field="image", op=Op.IS, value="x"), catalog.schema)


def test_compounds_of_german(shop):
    items = (
        "Artikelnr;Bezeichnung;Beschreibung\n1;Bücherregal Nord;Ein hohes Möbel aus Eiche mit fünf Böden\n"
        "2;Schreibtisch Süd;Eine große Platte aus Buche für das Arbeitszimmer\n"
        "3;Stehlampe Ost;Gibt warmes Licht im Wohnzimmer\n4;Wandregal Ben;Klein und nur für Gewürze\n"
        "5;Gartenstuhl Kai;Wetterfest und stapelbar, für den Balkon\n"
    )
    status, said = shop.build(items)
    assert status == 0, said
    first = {
        word: [card.title for card in shop.ask(f"ich suche {word}").items]
        for word in ("ein Regal", "einen Stuhl")
    }
    assert set(first["ein Regal"][:2]) == {"Bücherregal Nord", "Wandregal Ben"}
    assert first["einen Stuhl"][0] == "Gartenstuhl Kai"
