"""What the words of a title tell, in the languages of the sheets that there are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr.wording import amounts, count_words, has_two_amounts, task


@pytest.mark.parametrize(
    ("title", "words"),
    [
        pytest.param("Be the machine that people keep", 6, id="plain"),
        pytest.param("First answer - right answer!", 4, id="a dash is no word"),
        pytest.param("Kundenzufriedenheit nachhaltig verbessern", 3, id="German"),
        pytest.param("Сделать продукт любимым", 3, id="Cyrillic"),
        pytest.param("أن نكون الخيار الأول", 4, id="Arabic"),
        pytest.param("顧客に愛される製品になる", None, id="Japanese"),
        pytest.param("成为客户最信赖的品牌", None, id="Chinese"),
        pytest.param("고객이 사랑하는 제품", None, id="Korean"),
        pytest.param("เป็นแบรนด์ที่ลูกค้ารัก", None, id="Thai"),
        pytest.param("Make 東京 proud", None, id="mixed"),
        pytest.param("", 0, id="empty"),
    ],
)
def test_words_are_counted_where_spaces_part_them(title: str, words: int | None) -> None:
    assert count_words(title) == words


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Increase revenue by 20%", ["20%"]),
        ("Reach 1M users", ["1M"]),
        ("Earn €2.4 M", ["2.4"]),
        ("Win 1,200 schools", ["1,200"]),
        ("3x faster builds", ["3x"]),
        ("売上を20%増やす", ["20%"]),
        ("٢٠ عميلا جديدا", ["٢٠"]),
        ("Reach 2030 customers in the north", []),
        ("Grow from $2030 upwards", ["2030"]),
        ("Bring the M2 to the line on time", []),
        ("Lead B2B in Q4", []),
        ("Win the 5G market", []),
        ("Be the 1st choice", []),
        ("Be the #1 choice", []),
        ("Erste Wahl und 1. Adresse sein", []),
        ("Be ISO 27001 certified", []),
        ("Care around the clock, 24/7", []),
        ("A 5-star stay", []),
        ("Be ready for 2027", []),
        ("Come out of COVID-19 stronger", []),
    ],
)
def test_amounts_are_told_from_names_ranks_and_years(title: str, found: list[str]) -> None:
    assert amounts(title) == found


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Launch the new app", "Launch"),
        ("To launch the new app", "launch"),
        ("Roll out the new tool", "Roll out"),
        ("Build a website", "Build"),
        ("Hold 10 workshops", "Hold"),
        ("Implementation of the CRM", "Implementation"),
        ("Neues CRM einführen", "einführen"),
        ("NEUES CRM EINFUEHREN", "EINFUEHREN"),
        ("Einführung des CRM", "Einführung"),
        ("Eine App entwickeln", "entwickeln"),
        ("Lancer la nouvelle application", "Lancer"),
        ("Déployer le nouveau CRM", "Déployer"),
        ("Mise en place du CRM", "Mise en place"),
        ("Lancement d’une application", "Lancement"),
        ("Lanzar la nueva web", "Lanzar"),
        ("Crear una aplicación", "Crear"),
        ("Lançar o novo site", "Lançar"),
        ("Implantar o novo ERP", "Implantar"),
    ],
)
def test_a_task_is_known_in_five_languages(title: str, words: str) -> None:
    assert task(title) == words


@pytest.mark.parametrize(
    "title",
    [
        "Build trust with partners",
        "Create an awesome customer experience",
        "Ship machines that need less help",
        "Build to order within a week",
        "Hold churn below 5%",
        "Release every working day",
        "Release cycle from 10 to 3 days",
        "Complete 90% of repairs within 5 days",
        "Former employees come back",
        "Launchpad is loved",
        "Vertrauen aufbauen",
        "Sich zum Marktführer entwickeln",
        "Construire une culture de confiance",
        "Construir confianza con los clientes",
        "Criar uma cultura de confiança",
        "Lanceren van de nieuwe app",
        "新しいアプリを公開する",
        "Запустить новое приложение",
        "Launch",
        "",
    ],
)
def test_what_is_no_task_or_cannot_be_told_is_left_in_peace(title: str) -> None:
    assert task(title) == ""


@pytest.mark.parametrize(
    ("title", "are_two"),
    [
        ("Reach 500 users and 20 partners", True),
        ("500 Nutzer und 20 Partner gewinnen", True),
        ("Atteindre 500 clients et 20 partenaires", True),
        ("Raise activation from 32% to 45%", False),
        ("Keep rework between 3 and 5%", False),
        ("Keep users 1 and 3 months after they came", False),
        ("Cut the change from home and office machines from 50 to 20", False),
        ("Answer 90% of questions within 24 hours", False),
    ],
)
def test_two_amounts_are_told_from_a_way_and_a_span(title: str, are_two: bool) -> None:
    assert has_two_amounts(title) is are_two


@given(st.text(max_size=60))
def test_any_title_can_be_read(title: str) -> None:
    words, found, done = count_words(title), amounts(title), task(title)

    assert words is None or words <= len(title.split())
    assert all(one[0].isdigit() and one in title for one in found)
    assert set(done.split()) <= {
        part for word in title.split() for part in (word, word.strip(" .,;:!?…\"'“”„«»()[]{}*–—-"))
    }
