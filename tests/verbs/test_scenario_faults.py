"""Each mistake in a scenario's file is told in one sentence: what is wrong, by which key, and how to mend it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lcrmap.errors import UnknownNameError
from lcrmap.layers import Pack
from lcrmap.layers.scenario import ScenarioError
from lcrmap.verbs.asks import question_class
from lcrmap.verbs.compare.question import Compare
from lcrmap.verbs.question import Question
from lcrmap.verbs.scenarios.question import Scenarios
from lcrmap.verbs.sources import Sources
from lcrmap.verbs.work import answer
from tests.verbs.test_answer import ASKED


def _change(text: str, reason: str = 'reason = "r"') -> str:
    return f"[[change]]\n{text}\n{reason}\n"


def _aim(measure: str = "distance to wards", more: str = 'should = "rise"') -> str:
    return f'[[aim]]\nmeasure = "{measure}"\n{more}\n'


GONE = 'remove = "innovation-assets:trirx-speke"'
SET = 'set = "innovation-assets:trirx-speke"\nvalues = {}'
NEW = 'add = "new"\nto = "rail-stations"\n'
PEOPLE = 'people = "neighbourhoods:E02001411"\n'
WRITE = 'write rise, fall, stay, or a bound such as ">= 550000" or ">= +20000"'
SAY = "say in a few words why the change comes"
POSITION = 'such as "53.4,-2.9", a grid reference or a postcode'

# By case: the blocks of a file, and all that is said of it.
CASES: dict[str, tuple[str, str]] = {
    "an unknown verb": (
        _change('close = "wards"'),
        "there is no key 'change[1].close': choose from add, remove, move, set, people, replace.",
    ),
    "a misspelt verb": (_change('remvoe = "a"'), "there is no key 'change[1].remvoe': did you mean 'remove'?"),
    "no verb": (_change(""), "'change[1]' does nothing: add one of add, remove, move, set, people, replace."),
    "two verbs": (
        _change(GONE + '\nmove = "Speke"'),
        "'change[1].remove' does 2 things, remove and move: give each a block of its own.",
    ),
    "an unknown key": (_change(GONE + '\nsorce = "s"'), "there is no key 'change[1].sorce': did you mean 'source'?"),
    "a misspelt reason": (_change(GONE, 'reson = "r"'), "there is no key 'change[1].reson': did you mean 'reason'?"),
    "one bracket": (
        f'[change]\n{GONE}\nreason = "r"\n',
        "'change' begins with [change]: write [[change]], in two brackets, above each one.",
    ),
    "no reason": (_change(GONE, ""), f"'change[1].reason' is missing: {SAY}."),
    "an empty reason": (_change(GONE, 'reason = ""'), f"'change[1].reason' is empty: {SAY}."),
    "a reason that is a number": (
        _change(GONE, "reason = 5"),
        f"'change[1].reason' must be text in quotes, not 5: {SAY}.",
    ),
    "nothing named": (_change('remove = ""'), "'change[1].remove' is empty: name what it speaks of."),
    "an empty list": (_change("remove = []"), "'change[1].remove' is empty: name what it speaks of."),
    "an unknown layer": (
        _change(GONE.replace("assets", "asset")),
        ("'change[1].remove' names no layer of the pack, 'innovation-asset': did you mean "
        "'innovation-assets:trirx-speke'?"),
    ),
    "an unknown layer to add to": (
        _change('add = "planned-stations"\nto = "stations"'),
        ("'change[1].to' names no layer of the pack, 'stations': did you mean 'rail-stations', "
        "'planned-stations' or 'station-entrances'?"),
    ),
    "no layer to add to": (
        _change('add = "planned-stations"'),
        "'change[1].to' is missing: name the layer to which it is added.",
    ),
    "an unknown id": (
        _change(GONE.replace("speke", "spek")),
        ("'change[1].remove' cannot be found: no feature 'trirx-spek' in innovation-assets: did you mean "
        "'trirx-speke' or 'seqirus-speke'?"),
    ),
    "a name that nothing has": (
        _change('remove = "Qqqqqqq"'),
        "'change[1].remove' names no feature of the pack, 'Qqqqqqq': name one as LAYER:ID.",
    ),
    "a new place without a position": (
        _change(NEW.replace("new", "qqqqq-hub")),
        ("'change[1].add' names no layer or feature of the pack: is 'qqqqq-hub' a new place, which needs a position, "
        'such as at = "53.4,-2.9"?'),
    ),
    "a new place that is a position": (
        _change(NEW.replace("new", "53.4,-2.9")),
        "'change[1].add' names a position: give the new place an id here, and its position as at = \"53.4,-2.9\".",
    ),
    "a move without a position": (
        _change(GONE.replace("remove", "move")),
        "'change[1].at' is missing: say where, such as at = \"53.4,-2.9\", a grid reference, a postcode or a place.",
    ),
    "a place that means several": (
        _change(NEW + 'at = "Church"'),
        ("'change[1].at' cannot be found: 'Church' can mean 2 places: say which, as one of wards:E05000936, "
        "wards:E05015287."),
    ),
    "a place that is not known": (
        _change(NEW + 'at = "Qqqqqqq"'),
        f"'change[1].at' finds no place 'Qqqqqqq': write a position, {POSITION}.",
    ),
    "a postcode that is not known": (
        _change(NEW + 'at = "L99 9ZZ"'),
        ("'change[1].at' cannot be found: the postcode 'L99 9ZZ' is not among the 37,841 postcodes of Liverpool City "
        "Region: check it, or give its position as 'latitude,longitude'."),
    ),
    "a position that is a number": (
        _change(NEW + "at = 53.4"),
        ("'change[1].at' must be text in quotes, not 53.4: say where, such as at = \"53.4,-2.9\", a grid reference, a "
        "postcode or a place."),
    ),
    "a position that is a layer": (
        _change(NEW + 'at = "wards"'),
        f"'change[1].at' must be one position, and 'wards' is a layer or a file: write one, {POSITION}.",
    ),
    "a position that is an area": (
        _change(NEW + 'at = "boroughs:Halton"'),
        f"'change[1].at' must be one position, and 'boroughs:Halton' is a line or an area: write one, {POSITION}.",
    ),
    "an error that is a number": (
        _change(NEW + 'at = "53.4,-2.9"\nerror = 50'),
        "'change[1].error' must be a distance with its unit, in quotes: write error = \"50m\".",
    ),
    "an error without a unit": (
        _change(NEW + 'at = "53.4,-2.9"\nerror = "50"'),
        "'change[1].error' must be a distance with its unit, such as '50m', not '50'.",
    ),
    "an error without a position": (
        _change('add = "planned-stations"\nto = "rail-stations"\nerror = "50m"'),
        "'change[1].error' says how far off 'at' may be, and there is no 'at': give one.",
    ),
    "was that no longer holds": (
        _change(GONE + '\nwas = { status = "operational" }'),
        ("'change[1].was.status' no longer holds: 'status' of TriRx Speke is 'unknown', not 'operational'; see whether "
        "the change is still meant, and write what holds."),
    ),
    "was of a number that no longer holds": (
        _change('remove = "rail-stations:aigburth"\nwas = { position_error_m = 5 }'),
        ("'change[1].was.position_error_m' no longer holds: 'position_error_m' of Aigburth is 50, not 5; see whether "
        "the change is still meant, and write what holds."),
    ),
    "an empty was": (
        _change(GONE + "\nwas = {}"),
        "'change[1].was' is empty: name columns with their values, such as { status = \"closed\" }.",
    ),
    "no values": (
        _change(SET.partition("\n")[0]),
        "'change[1].values' is missing: say what is set, such as { status = \"closed\" }.",
    ),
    "empty values": (
        _change(SET),
        "'change[1].values' is empty: name columns with their values, such as { status = \"closed\" }.",
    ),
    "values that are a text": (
        _change(SET.replace("{}", '"closed"')),
        "'change[1].values' must be columns with their values, such as { status = \"closed\" }.",
    ),
    "a value that is a list": (
        _change(SET.replace("{}", '{ status = ["closed"] }')),
        "'change[1].values.status' must be a text, a number, true or false, not ['closed'].",
    ),
    "a value not among the categories": (
        _change(SET.replace("{}", '{ status = "shut" }')),
        ("'change[1].values.status' cannot be 'shut' in innovation-assets: choose from operational, designated, "
        "proposed, unknown, closed."),
    ),
    "a value of a column that is not there": (
        _change(SET.replace("{}", '{ state = "closed" }')),
        "'change[1].values.state' is no column of innovation-assets: did you mean 'status'?",
    ),
    "a number for a text": (
        _change(SET.replace("{}", "{ name = 5 }")),
        "'change[1].values.name' must be text in quotes, not 5.",
    ),
    "a text for a number": (
        _change(SET.replace("{}", '{ position_error_m = "far" }')),
        "'change[1].values.position_error_m' must be a number, not 'far'.",
    ),
    "a file with a value not among the categories": (
        _change('add = "open.csv"\nto = "innovation-assets"'),
        (
            "'change[1].add' brings features whose 'status' cannot be 'open' in innovation-assets: choose from "
            "operational, designated, proposed, unknown, closed."
        ),
    ),
    "a file with a text for a number": (
        _change('add = "about.csv"\nto = "rail-stations"'),
        "'change[1].add' brings features whose 'position_error_m' must be a number, not 'about 50'.",
    ),
    "a new list with a value not among the categories": (
        _change('replace = "innovation-assets"\nwith = "open.csv"'),
        (
            "'change[1].with' brings features whose 'status' cannot be 'open' in innovation-assets: choose from "
            "operational, designated, proposed, unknown, closed."
        ),
    ),
    "a key that is set": (
        _change(SET.replace("{}", '{ id = "x" }')),
        "'change[1].values.id' is the key, by which features are known, and is not set: leave it out.",
    ),
    "a key that exists": (
        _change(NEW.replace("new", "aigburth") + 'at = "53.4,-2.9"'),
        "'change[1].add' brings 'aigburth', and rail-stations has a feature of that key already: give another id.",
    ),
    "negative people": (_change(PEOPLE + "more = -5"), "'change[1].more' is negative: write fewer = 5."),
    "negative fewer people": (_change(PEOPLE + "fewer = -5"), "'change[1].fewer' is negative: write more = 5."),
    "half a person": (
        _change(PEOPLE + "more = 5.5"),
        "'change[1].more' must be a whole number from 0 to 1,000,000,000, not 5.5.",
    ),
    "people in quotes": (
        _change(PEOPLE + 'more = "2500"'),
        "'change[1].more' must be a whole number from 0 to 1,000,000,000, not '2500': take the quotes away.",
    ),
    "more leaving than live there": (
        _change(PEOPLE + "fewer = 5799"),
        "'change[1].fewer' is more than the 5,798 who live in Haydock West: write at most 5798.",
    ),
    "no number of people": (
        _change(PEOPLE),
        "'change[1].people' does not say how many: add more = 2500, fewer = 300 or times = 1.1.",
    ),
    "two numbers of people": (
        _change(PEOPLE + "more = 5\nfewer = 3"),
        "'change[1].fewer' says again how many, after 'more': keep one of them.",
    ),
    "people of a place that is no area": (
        _change('people = "Runcorn"\nmore = 5'),
        ("'change[1].people' means Runcorn of rail-stations, which is no area: name one as LAYER:ID, such as "
        "'neighbourhoods:E02002585' (Runcorn Town & Westfield), in which it lies."),
    ),
    "people of a postcode": (
        _change('people = "WA7 1AA"\nmore = 5'),
        ("'change[1].people' means a position, and 'WA7 1AA' is no area: name one as LAYER:ID, such as "
        "'neighbourhoods:E02002588' (Halton Lea & Brookvale), in which it lies."),
    ),
    "a chance above 1": (
        _change(GONE + "\nchance = 50"),
        "'change[1].chance' must be a number from 0 to 1, not 50.",
    ),
    "a chance below 0": (
        _change(GONE + "\nchance = -0.1"),
        "'change[1].chance' must be a number from 0 to 1, not -0.1.",
    ),
    "a chance in quotes": (
        _change(GONE + '\nchance = "0.5"'),
        "'change[1].chance' must be a number from 0 to 1, not '0.5': take the quotes away.",
    ),
    "a conflict": (
        _change(GONE) + _change(SET.replace("{}", '{ status = "closed" }')),
        ("'change[2]' and 'change[1]' both speak of innovation-assets:trirx-speke: changes of one scenario happen at "
        "once; put one into a scenario that has this one as its 'base'."),
    ),
    "one id of two changes": (
        _change(GONE + '\nid = "a"') + _change(PEOPLE + 'more = 5\nid = "a"'),
        "'change[2].id' is that of 'change[1]' too, 'a': give each its own.",
    ),
    "a layer that would become empty": (
        _change('remove = "planned-stations"'),
        "'change[1].remove' would leave planned-stations without any feature: keep one.",
    ),
    "a file that is not there": (
        _change('add = "no.csv"\nto = "rail-stations"'),
        ("'change[1].add' names 'no.csv', and there is no such file beside the scenario, or it is a link that leads "
        "out of its folder: put the file itself there."),
    ),
    "a feature of a file that is removed": (
        _change('remove = "new.csv:a"'),
        ("'change[1].remove' names 'new.csv:a' of a file, and only 'add' and 'with' read one: name features of the "
        "pack."),
    ),
    "a file without a key": (
        _change('add = "keyless.csv"\nto = "rail-stations"'),
        "'change[1].add' brings features without 'id', the key of rail-stations: add this column to them.",
    ),
    "a file without positions": (
        _change('add = "nowhere.csv"\nto = "rail-stations"'),
        ("'change[1].add' names 'nowhere.csv', which cannot be read: 'nowhere.csv' has no columns that look like "
        "coordinates (it has id, name), no postcodes, and no codes or names of areas of the data pack: call its "
        "columns of coordinates 'longitude' and 'latitude' or 'easting' and 'northing', or save it as GeoJSON."),
    ),
    "a replacement without a file": (
        _change('replace = "wards"'),
        "'change[1].with' is missing: name a file beside this one that has the new layer.",
    ),
    "a replacement of two layers": (
        _change('replace = ["wards", "boroughs"]\nwith = "new.csv"'),
        "'change[1].replace' names several layers: give each a block of its own.",
    ),
    "an unknown measure": (
        _aim("people near wards"),
        ("'aim[1].measure': 'people near wards' is no measure: write 'residents within 800m of LAYER', 'distance to "
        "LAYER', 'access to LAYER within 2km' or 'count of LAYER'."),
    ),
    "a measure of an unknown layer": (
        _aim("distance to ward"),
        "'aim[1].measure' names no layer of the pack, 'ward': did you mean 'wards'?",
    ),
    "no measure": (
        '[[aim]]\nshould = "rise"\n',
        ("'aim[1].measure' is missing: write 'residents within 800m of LAYER', 'distance to LAYER', 'access to "
        "LAYER within 2km' or 'count of LAYER'."),
    ),
    "an unknown group": (
        _aim(more='should = "rise"\namong = "most deprivd tenth"'),
        ("'aim[1].among' names no group of the tables, 'most deprivd tenth': did you mean 'most deprived tenth', "
        "'least deprived tenth' or 'third most deprived tenth'?"),
    ),
    "an aim that says nothing": (_aim(more=""), f"'aim[1].should' is missing: {WRITE}."),
    "an aim that is a number": (
        _aim(more="should = 5"),
        f"'aim[1].should' must be text in quotes, not 5: {WRITE}.",
    ),
    "an aim that is no bound": (
        _aim(more='should = "> 5"'),
        "'aim[1].should' must be rise, fall, stay, or a bound such as \">= 550000\" or \">= +20000\", not '> 5'.",
    ),
    "an unknown base": (
        'base = "four-station"\n',
        ("'base' names 'four-station', which is neither a scenario of the pack nor a .toml file beside this one: did "
        "you mean 'four-stations'?"),
    ),
    "a circle of bases": (
        'base = "mine.toml"\n',
        "'base' goes in a circle: 'mine.toml' builds on 'mine.toml'; let one of them have another base.",
    ),
    "1,001 changes": (
        _change(GONE) * 1001,
        "'change' stands 1,001 times, more than 1,000: split the scenario.",
    ),
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "new.csv").write_text("id,name,lat,lon\na,A,53.4,-2.9\n", encoding="utf-8")
    head = "id,name,lat,lon"
    opened = f"{head},status\na,A,53.4,-2.9,open\n"
    (tmp_path / "open.csv").write_text(opened, encoding="utf-8")
    about = f"{head},position_error_m\na,A,53.4,-2.9,about 50\nb,B,53.4,-2.8,50\n"
    (tmp_path / "about.csv").write_text(about, encoding="utf-8")
    (tmp_path / "keyless.csv").write_text("name,lat,lon\nA,53.4,-2.9\n", encoding="utf-8")
    (tmp_path / "nowhere.csv").write_text("id,name\na,A\n", encoding="utf-8")
    return tmp_path


def _faults(folder: Path, text: str, pack: Pack, question: Question | None = None) -> list[str]:
    path = folder / "mine.toml"
    path.write_text(f'title = "Mine"\n{text}', encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        answer(question or Scenarios(scenario=str(path)), Sources(pack))
    told = [str(caught.value), *caught.value.more]
    assert all(each.startswith("mine.toml: ") for each in told)
    return [each.removeprefix("mine.toml: ") for each in told]


@pytest.mark.parametrize("case", CASES)
def test_a_mistake_is_told_in_one_sentence(case: str, folder: Path, pack: Pack) -> None:
    text, told = CASES[case]
    assert _faults(folder, text, pack) == [told]


def test_a_title_that_is_empty_or_missing_is_told(folder: Path, pack: Pack) -> None:
    for line, is_ in (('title = ""\n', "empty"), ("", "missing")):
        (folder / "mine.toml").write_text(line, encoding="utf-8")
        with pytest.raises(ScenarioError) as caught:
            Sources(pack).scene(str(folder / "mine.toml"))
        told = f"mine.toml: 'title' is {is_}: say in a few words what the scenario is."
        assert str(caught.value) == told


SEVERAL = (
    _aim("people near wards", 'should = "grow"\namong = "nobody"')
    + _change('remove = ["innovation-assets:a", "innovation-assets:trirx-speke", "innovation-assets:b"]')
    + _change(SET.replace("{}", '{ status = "shut", name = 5 }') + "\nchance = 2", "")
    + _change(NEW + 'at = "Qqqqqqq"\nerror = "50"\nvalues = { nme = "x" }')
    + _change('add = "planned-stations"\nto = "rail-station"\ncolour = "red"')
    + _change('move = "boroughs:Halton"\nat = "Qqqqqqq"\nwas = { nme = "x" }')
    + _change('people = ["Runcorn", "neighbourhoods:E02001411"]\nfewer = 9000')
    + _change("fly = 1", "")
    + _aim("distance to ward")
)  # fmt: skip


def test_all_faults_of_a_file_are_told_together_in_its_order(folder: Path, pack: Pack) -> None:
    """A fault of the form keeps none of the meaning from being told, and none of a change another of the same."""
    told = _faults(folder, SEVERAL, pack)
    found = [re.findall(r"'([a-z]+\[\d\](?:\.[a-z_]+)*)'", each)[0] for each in told]
    assert found == [
        "change[1].remove",
        "change[1].remove",
        "change[2].reason",
        "change[2].chance",
        "change[2].values.status",
        "change[2].values.name",
        "change[2]",
        "change[3].at",
        "change[3].error",
        "change[3].values.nme",
        "change[4].colour",
        "change[4].to",
        "change[5].at",
        "change[5].move",
        "change[6].people",
        "change[6].fewer",
        "change[7].fly",
        "change[7].reason",
        "aim[1].should",
        "aim[1].measure",
        "aim[1].among",
        "aim[2].measure",
    ]


def test_a_conflict_is_told_beside_a_fault_of_the_form(folder: Path, pack: Pack) -> None:
    blocks = _change(GONE, "") + _change(SET.replace("{}", '{ status = "closed" }'))
    told = _faults(folder, blocks, pack)
    assert [each.split(" ")[0] for each in told] == ["'change[1].reason'", "'change[2]'"]


def test_each_change_that_speaks_of_a_feature_again_is_told_with_the_first(
    folder: Path, pack: Pack
) -> None:
    shut = _change(SET.replace("{}", '{ status = "closed" }'))
    told = _faults(folder, _change(GONE) + shut + shut, pack)
    assert [each.partition(" both")[0] for each in told] == [
        "'change[2]' and 'change[1]'",
        "'change[3]' and 'change[1]'",
    ]


def test_the_aims_of_what_builds_on_a_base_are_judged_and_not_those_of_the_base(
    folder: Path, pack: Pack
) -> None:
    base = folder / "base.toml"
    base.write_text(f'title = "Base"\n{_aim("distance to ward")}', encoding="utf-8")
    told = _faults(folder, 'base = "base.toml"\n' + _aim("count of ward"), pack)
    assert [each.split(" ")[0] for each in told] == ["'aim[1].measure'"]
    (folder / "mine.toml").write_text('title = "x"\nbase = "base.toml"\n', encoding="utf-8")
    answer(Scenarios(scenario=str(folder / "mine.toml")), Sources(pack))


def test_faults_of_a_base_and_of_what_builds_on_it_are_told_together(
    folder: Path, pack: Pack
) -> None:
    base = 'title = "Base"\n' + _change('remove = "Qqqqqqq"')
    (folder / "base.toml").write_text(base, encoding="utf-8")
    mine = folder / "mine.toml"
    mine.write_text('title = "Mine"\nbase = "base.toml"\n' + _change(GONE, ""), encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        Sources(pack).scene(str(mine))
    assert str(caught.value).startswith("base.toml: 'change[1].remove' names no feature")
    assert caught.value.more == (f"mine.toml: 'change[1].reason' is missing: {SAY}.",)


def test_who_leaves_the_suffix_out_is_told_the_file(folder: Path, pack: Pack) -> None:
    (folder / "hub.toml").write_text('title = "Hub"\n', encoding="utf-8")
    with pytest.raises(UnknownNameError, match=r"did you mean '[^']*hub\.toml'\? A scenario"):
        Sources(pack).scene(str(folder / "hub"))
    (told,) = _faults(folder, 'base = "hub"\n', pack)
    assert told.endswith("beside this one: did you mean 'hub.toml'?")


def test_a_base_in_another_folder_is_not_looked_for(folder: Path, pack: Pack) -> None:
    (folder / "hub.toml").write_text('title = "Hub"\n', encoding="utf-8")
    inner = folder / "inner"
    inner.mkdir()
    (told,) = _faults(inner, 'base = "../hub"\n', pack)
    assert "hub.toml" not in told


def test_faults_of_the_form_are_told_beside_an_unknown_base(folder: Path, pack: Pack) -> None:
    told = _faults(folder, 'base = "no"\n' + _change(GONE, ""), pack)
    assert [each.split(" ")[0] for each in told] == ["'base'", "'change[1].reason'"]
    told = _faults(folder, "base = 1\n" + _change(GONE, ""), pack)
    assert [each.split(" ")[0] for each in told] == ["'base'", "'change[1].reason'"]


@pytest.mark.parametrize("ask", ["gaps", "compare"])
def test_who_asks_in_a_scenario_is_told_of_measures_too(ask: str, folder: Path, pack: Pack) -> None:
    name = str(folder / "mine.toml")
    question: Question = Compare(scenarios=("baseline", name))
    if ask == "gaps":
        question = question_class(ask)(**ASKED[ask], scenario=name)
    told = _faults(folder, _aim("distance to ward") + _change(GONE, ""), pack, question)
    assert [each.split(" ")[0] for each in told] == ["'change[1].reason'", "'aim[1].measure'"]


def test_a_group_may_be_an_area_of_any_layer_that_compare_takes(folder: Path, pack: Pack) -> None:
    for name in ("Most deprived tenth", "most deprived tenth", "Halton", "Haydock West", "Church"):
        path = folder / "mine.toml"
        more = f'should = "rise"\namong = "{name}"'
        path.write_text('title = "x"\n' + _aim(more=more), encoding="utf-8")
        answer(Scenarios(scenario=str(path)), Sources(pack))


@pytest.mark.parametrize("name", ["new.csv", "new.csv:a"])
def test_a_file_beside_the_scenario_is_told_of_as_its_author_can_mend_it(
    name: str, folder: Path, pack: Pack
) -> None:
    block = _change(f'add = "{name}"\nto = "rail-stations"')
    (folder / "mine.toml").write_text(f'title = "Mine"\n{block}', encoding="utf-8")
    scene = Sources(pack).scene(str(folder / "mine.toml"))
    assert scene.notes == (
        (
            "The positions of 'new.csv' are taken from its columns 'lon' and 'lat' as EPSG:4326: if that is wrong, "
            "call its columns of coordinates 'longitude' and 'latitude' or 'easting' and 'northing', or save it as "
            "GeoJSON."
        ),
    )
    assert scene.effects[0].dropped == ()
    assert scene.effects[0].after == "as in new.csv"


def test_what_is_set_goes_before_what_a_file_brings(folder: Path, pack: Pack) -> None:
    set_ = 'values = { status = "proposed" }'
    block = _change(f'add = "open.csv"\nto = "innovation-assets"\n{set_}')
    (folder / "mine.toml").write_text(f'title = "Mine"\n{block}', encoding="utf-8")
    scene = Sources(pack).scene(str(folder / "mine.toml"))
    assert scene.effects[0].after == "as in open.csv; status: proposed"


def test_a_column_that_is_left_behind_is_named(folder: Path, pack: Pack) -> None:
    data = "id,name,lat,lon,colour\na,A,53.4,-2.9,red\n"
    (folder / "new.csv").write_text(data, encoding="utf-8")
    block = _change('add = "new.csv"\nto = "rail-stations"')
    (folder / "mine.toml").write_text(f'title = "Mine"\n{block}', encoding="utf-8")
    note = Sources(pack).scene(str(folder / "mine.toml")).notes[-1]
    assert note == (
        "rail-stations lacks a column colour: what the file says there is in no answer about rail-stations."
    )


def test_what_a_layer_of_the_pack_says_besides_is_no_loss_to_be_told(pack: Pack) -> None:
    assert not any(" lacks " in each for each in Sources(pack).scene("four-stations").notes)
