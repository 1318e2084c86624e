"""Derive the tables of indicators: what is known of the small areas, neighbourhoods and boroughs besides their names.

What each indicator is, where it comes from and how it sums stands in ``datapackage.json``; here stands from which
columns of the reference its values are made. Totals are checked against the publishers' own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from data_boundaries import SmallAreas
from data_files import Row, csv_text, read_table

BOROUGHS: Final = (
    *("E06000006", "E08000011", "E08000012"),
    *("E08000013", "E08000014", "E08000015"),
)
AGES: Final = (*(f"age_{low}_{low + 4}" for low in range(0, 85, 5)), "age_85_plus")
#: The sections of the Standard Industrial Classification that are counted as the foundational economy.
FOUNDATIONAL: Final = tuple(f"industry_{letter}" for letter in "deghiklopq")
DOMAINS: Final = {
    "income": "income_score",
    "employment": "employment_score",
    "education": "education_score",
    "health": "health_score",
    "crime": "crime_score",
    "housing_and_services": "housing_score",
    "environment": "environment_score",
}


@dataclass(frozen=True)
class Published:
    """A figure for each borough as its publisher gives it, and how far a sum may be from it.

    Attributes
    ----------
    of
        The count that is added up; as a per cent of `per` where that is named.
    """

    of: str
    figures: tuple[float, ...]
    within: float
    per: str = ""


#: From the published tables; the order is that of `BOROUGHS`.
PUBLISHED: Final = (
    Published("households", (55_951, 66_073, 207_491, 81_011, 123_073, 143_252), 40),
    Published("cars_0", (23.8, 31.2, 40.1, 23.2, 26.4, 25.1), 0.1, per="households"),
    Published("income_deprived_people", (37_847, 53_725, 169_951, 50_095, 68_641, 84_706), 20),
    Published(
        "in_employment_people", (56.5, 55.9, 51.1, 54.9, 53.6, 53.2), 0.2, per="residents_16_plus"
    ),
    Published(
        "in_most_deprived_tenth", (31.25, 40.0, 36.75, 23.14, 18.85, 23.44), 0.006, per="one"
    ),
)
#: Totals of the region, exactly.
TOTALS: Final = {"residents": 1_551_784, "households": 676_866, "employed_residents": 680_600}

Column = pd.Series


def indicator_files(reference: Path, areas: SmallAreas, described: Row) -> dict[str, str]:
    """Return the texts of the tables of indicators by their paths in the pack, after checking their totals.

    Parameters
    ----------
    described
        What ``datapackage.json`` says of the indicators: which tables there are, and which columns stand in each.
    """
    context = reference / "context"
    levels = {
        "small-areas": small_area_columns(context),
        "neighbourhoods": neighbourhood_columns(context),
        "boroughs": borough_columns(context),
    }
    check_totals(levels["small-areas"], levels["neighbourhoods"])
    files = {described["nesting"]["path"]: nesting(areas, described["nesting"]["levels"])}
    for table in described["tables"]:
        names = [each["id"] for each in described["entries"] if each.get("table") == table["name"]]
        files[table["path"]] = levels[table["level"]].columns_of(names)
    return files


def nesting(areas: SmallAreas, levels: Mapping[str, str]) -> str:
    """Return which neighbourhood and borough each small area belongs to, as a CSV text."""
    columns = ("lsoa21cd", "msoa21cd", "lad_code")
    return csv_text(tuple(levels.values()), areas.table[list(columns)].itertuples(index=False))


@dataclass(frozen=True)
class Table:
    """Values by the code of an area, with the code of its borough."""

    codes: pd.Series
    boroughs: pd.Series
    values: pd.DataFrame

    def columns_of(self, names: Sequence[str]) -> str:
        """Return some columns as a CSV text, sorted by code; what is not known is empty."""
        order = np.argsort(self.codes.to_numpy(), kind="stable")
        columns = [self.codes, *(self.values[name] for name in names)]
        rows = zip(*(map(_written, each.iloc[order].tolist()) for each in columns), strict=True)
        return csv_text(("code", *names), rows)


def small_area_columns(context: Path) -> Table:
    """Return every indicator of the small areas."""
    read = _Reader(context, "lsoa21cd")
    people, homes = read("lsoa_people_2021.csv"), read("lsoa_households_2021.csv")
    work, need = read("lsoa_work_2021.csv"), read("lsoa_deprivation_2025.csv")
    iod, green = read("lsoa_indicators_2025.csv"), read("lsoa_greenspace_2024.csv")
    fuel = read("lsoa_fuel_poverty_2020.csv")
    values = {
        **_people(people),
        **_homes(homes),
        **_work(work),
        **_health(people, iod),
        **_need(need, iod),
        "connectivity_score": iod["connectivity_score"],
        "broadband_score": iod["digital_connectivity"],
        "green_space_m": green["road_m_to_any"],
        "fuel_poor": fuel["fuel_poor_pct"],
    }
    return Table(people.index.to_series(), people["lad_code"], pd.DataFrame(values))


def neighbourhood_columns(context: Path) -> Table:
    """Return the industries in which the residents of each neighbourhood work."""
    table = _Reader(context, "msoa21cd")("msoa_industry_2021.csv")
    values = table.assign(foundational_residents=table[list(FOUNDATIONAL)].sum(axis=1))
    return Table(table.index.to_series(), table["lad_code"], values)


def borough_columns(context: Path) -> Table:
    """Return what is known of the boroughs' economies."""
    table = _Reader(context, "lad_code")("borough_economy.csv")
    renamed = table.rename(
        columns={
            "gva_million_gbp": "gva_million",
            "gva_per_hour_gbp": "gva_per_hour",
            "gva_per_job_gbp": "gva_per_job",
            "employment_rate_16_64_2023": "employment_rate_16_64",
            "inactivity_rate_16_64_2023": "inactivity_rate_16_64",
        }
    )
    codes = renamed.index.to_series()
    return Table(codes, codes, renamed)


def check_totals(small: Table, neighbourhoods: Table) -> None:
    """Check sums of the region and of each borough against the published figures.

    Raises
    ------
    SystemExit
        If a sum is farther from the published one than its tolerance.
    """
    sums = pd.concat([small.values.sum(), neighbourhoods.values.sum()])
    for name, total in TOTALS.items():
        if sums[name] != total:
            raise SystemExit(f"{name}: {sums[name]:,.0f} in all, not {total:,}.")
    known = small.values.assign(
        one=1, in_most_deprived_tenth=(small.values["imd_decile"] == 1).astype(int)
    )
    by_borough = known.groupby(small.boroughs.to_numpy()).sum().loc[list(BOROUGHS)]
    for each in PUBLISHED:
        found = by_borough[each.of]
        if each.per:
            found = 100 * found / by_borough[each.per]
        for code, figure, published in zip(BOROUGHS, found, each.figures, strict=True):
            if abs(figure - published) > each.within:
                raise SystemExit(
                    f"{each.of} of {code}: {figure:,.2f}, and {published:,} is published."
                )


class _Reader:
    """Reads tables of one kind of area, numbers as numbers."""

    def __init__(self, context: Path, key: str) -> None:
        self._context, self._key = context, key

    def __call__(self, name: str) -> pd.DataFrame:
        table = read_table(self._context / name).set_index(self._key, drop=False)
        for column in table.columns:
            if not column.endswith(("cd", "name", "lad_code", "match")):
                table[column] = pd.to_numeric(table[column])
        return table.sort_index()


def _people(people: pd.DataFrame) -> dict[str, Column]:
    def aged(first: int, last: int) -> Column:
        return people[list(AGES[first : last + 1])].sum(axis=1)

    return {
        "residents": people["residents"],
        "age_0_14": aged(0, 2),
        "age_15_24": aged(3, 4),
        "age_25_44": aged(5, 8),
        "age_45_64": aged(9, 12),
        "age_65_74": aged(13, 14),
        "age_75_plus": aged(15, 17),
        "full_time_students": people["full_time_students"],
        "born_outside_uk": people["born_outside_uk"],
        "english_not_well": people["pct_english_not_well"],
    }


def _homes(homes: pd.DataFrame) -> dict[str, Column]:
    owned = ["owns_outright", "owns_mortgage", "shared_ownership"]
    return {
        "households": homes["households"],
        "households_owned": homes[owned].sum(axis=1),
        "households_social_rent": homes["rents_council"] + homes["rents_other_social"],
        "households_private_rent": homes["rents_private_landlord"] + homes["rents_other_private"],
        "households_terraced": homes["terraced"],
        "households_overcrowded": homes["occupancy_minus_1"] + homes["occupancy_minus_2_or_less"],
        "households_no_heating": homes["no_central_heating"],
        "cars_0": homes["cars_0"],
        "cars_1": homes["cars_1"],
        "cars_2_plus": homes["cars_2"] + homes["cars_3_or_more"],
    }


def _work(work: pd.DataFrame) -> dict[str, Column]:
    adults = work["residents_16_plus_approx"]
    return {
        "residents_16_plus": adults,
        "in_employment_people": (adults * work["pct_in_employment"] / 100).round(),
        "in_employment": work["pct_in_employment"],
        "unemployed": work["pct_unemployed"],
        "inactive": work["pct_inactive"],
        "works_from_home": work["pct_works_from_home"],
        "travels_10km_plus": work["pct_travel_10km_plus"],
        "hours_15_or_less": work["pct_hours_15_or_less"],
        "hours_49_plus": work["pct_hours_49_plus"],
        "no_qualifications": work["pct_qual_none"],
        "apprenticeship": work["pct_qual_apprenticeship"],
        "level_4_plus": work["pct_qual_level_4_plus"],
    }


def _health(people: pd.DataFrame, iod: pd.DataFrame) -> dict[str, Column]:
    return {
        "disabled": people["disabled"],
        "health_good": people["pct_health_good"],
        "health_bad": people["pct_health_bad"],
        "carers": (100 - people["pct_care_none"]).round(1),
        "carers_50h": people["pct_care_50h_or_more"],
        "patients_per_gp": iod["patient_to_gp_ratio"],
        "illness_disability_ratio": iod["illness_disability_ratio"],
        "acute_morbidity": iod["acute_morbidity"],
        "mental_health_score": iod["mental_health"],
    }


def _need(need: pd.DataFrame, iod: pd.DataFrame) -> dict[str, Column]:
    names = (
        *("income_deprived_people", "income_deprived_children", "income_deprived_older_people"),
        "employment_deprived_people",
    )
    rates = {
        "violence_with_injury": "violence_with_injury_per_1000",
        "burglary": "burglary_per_1000",
        "anti_social_behaviour": "anti_social_behaviour_per_1000",
    }
    return {
        "imd_score": need["imd_score"],
        "imd_rank": need["imd_rank"],
        "imd_decile": need["imd_decile"],
        **{ours: need[f"{theirs}_score"] for theirs, ours in DOMAINS.items()},
        "adult_skills_score": need["adult_skills_score"],
        **{name: iod[name] for name in names},
        **{ours: iod[theirs] for ours, theirs in rates.items()},
    }


def _written(value: object) -> object:
    """Return a value as it is written: whole numbers without a point, the unknown empty."""
    if isinstance(value, float):
        if np.isnan(value):
            return ""
        return int(value) if value.is_integer() else value
    return value
