"""Files as others write them: quotes, encodings, entities, German Excel, lists in cells, hardly any log."""

import pytest

BOOKS = (
    '"ISBN";"Book-Title";"Book-Author";"Year-Of-Publication";"Publisher"\n'
    '"0001";"Sommer am Flu\xdf";"Ida Kern";"1997";"Kap &amp; Co"\n'
    '"0002";"Moss &amp; Stone";"Per Dahl";"2004";"Kap &amp; Co"\n'
    '"0003";"The {q}Grey{q} Boat";"Ida Kern";"1989";"Tidewater"\n'
    '"0004";"Far Fields";"Per Dahl";"0";"Tidewater"\n'
)


@pytest.mark.parametrize("quote", ['\\"', '""'])
def test_books_in_latin_1_with_quotes_in_quotes_and_entities(shop, taken, quote):
    log = taken(
        ["0001", "0002", "0003", "0004"], head='"User-ID";"ISBN";"Book-Rating"', row='"{u}";"{i}";"9"'
    )
    status, said = shop.build(BOOKS.format(q=quote), log, encoding="latin-1")
    assert status == 0, said
    assert {item.title for item in shop.catalog()} >= {"Sommer am Fluß", "Moss & Stone", 'The "Grey" Boat'}
    assert shop.shown("books published before 1995") == {'The "Grey" Boat'}  # the year 0 is none
    assert "Moss & Stone" not in shop.shown("something similar", liked=["Moss & Stone"])
    reply = shop.ask("something by Per Dahl")
    assert {card.title for card in reply.items} == {"Moss & Stone", "Far Fields"}
    assert "per dahl" not in reply.text


def test_a_tab_file_keeps_a_cell_that_begins_with_a_quote(shop, taken):
    items = 'artid\tname\ttags\nx1\t"big al" moore\tblues|rock\nx2\tQuiet Three\tjazz\n'
    log = taken(["x1", "x2"], head="user_id\tartid\tplays", row="{u}\t{i}\t4")
    status, said = shop.build(items, log, names=("items.tsv", "log.tsv"))
    assert status == 0, said
    assert '"big al" moore' in {item.title for item in shop.catalog()}
    assert shop.shown("some jazz") == {"Quiet Three"}


def test_german_excel_with_decimal_commas_and_german_sentences(shop, taken):
    items = (
        "\ufeffArtikelnr;Bezeichnung;Warengruppe;Preis;Verfügbar seit;Lagernd\r\n"
        "0077;Teekanne;Küche;1.149,50;03.02.2021;ja\r\n0078;Sessel;Möbel;89,90;25.12.2019;nein\r\n"
        "0079;Leselampe;Licht;35,00;14.08.2018;ja\r\n0080;Hocker;Möbel;29,95;30.01.2022;ja\r\n"
    )
    log = taken(
        ["0077", "0078", "0079", "0080"], head="\ufeffKundennr;Artikelnr;Datum", row="K{u};{i};2024-01-02"
    )
    toml = (
        '[items]\nid="Artikelnr"\ntitle="Bezeichnung"\n'
        '[interactions]\nuser="Kundennr"\nitem="Artikelnr"\ntimestamp="Datum"\n'
    )
    status, said = shop.build(items, log, toml)
    assert status == 0, said
    assert shop.catalog()["0077"].attributes["Preis"] == 1149.5
    assert shop.shown("unter 100 Euro") == {"Sessel", "Leselampe", "Hocker"}
    assert shop.shown("keine Möbel") == {"Teekanne", "Leselampe"}
    assert "Sessel" not in shop.shown("auf Lager")


def test_lists_objects_and_flags_in_cells(shop, taken):
    items = (
        'game_id,title,mechanics,in_stock,stats\n1,Bone Hall,"[""dice"", ""horror""]",0,"{""rating"": 4.4}"\n'
        '2,Tile Town,"[""tiles"", ""coop""]",1,"{""rating"": 3.9}"\n3,Pack Up,"[""party""]",1,"{""rating"": 4.1}"\n'
    )
    status, said = shop.build(items, taken(["1", "2", "3"], head="user_id,game_id,timestamp"))
    assert status == 0, said
    assert shop.catalog()["1"].attributes["mechanics"] == ("dice", "horror")
    assert shop.catalog()["1"].attributes["rating"] == 4.4
    assert shop.shown("no horror") == {"Tile Town", "Pack Up"} == shop.shown("in stock")


@pytest.mark.parametrize("log", ["user,item,time\nbo,007,2024-01-01\nbo,008,2024-01-02\n", ""])
def test_hardly_any_log_is_enough_to_talk(shop, log):
    status, said = shop.build(
        "id,title,kind\n007,Oak bench,benches\n008,Pine stool,stools\n009,Ash stool,stools\n", log
    )
    assert status == 0, said
    assert shop.shown("a stool") == {"Pine stool", "Ash stool"}
    assert shop.shown("more", liked=["Oak bench"]) == {"Pine stool", "Ash stool"}


def test_text_without_spaces(shop, taken):
    items = (
        "id,title,类型,language,year\n1,山中岁月,剧情、爱情,中文,1998\n2,星河远征,科幻、冒险,中文,2021\n"
        "3,海辺の手紙,ドラマ,日本語,2005\n4,风雪渡口,动作、爱情,中文,2003\n"
    )
    status, said = shop.build(items, taken(["1", "2", "3", "4"]))
    assert status == 0, said
    assert shop.shown("爱情") == {"山中岁月", "风雪渡口"}
    assert shop.shown("中文电影，2000年以后") == {"星河远征", "风雪渡口"}
    assert "山中岁月" not in shop.shown("我喜欢山中岁月，推荐类似的")
