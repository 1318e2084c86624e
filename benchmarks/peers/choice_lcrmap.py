"""Three more stations for the residents of small areas, proved the best, by lcrmap: OUT."""

from collections.abc import Sequence

from choice_answer import CHOSEN, problem, report

from lcrmap.analysis.aims import solved
from lcrmap.analysis.choosing import Rules
from lcrmap.analysis.location import reach_of

asked = problem()


def choose() -> Sequence[int]:
    """Return the best three."""
    reach = reach_of(asked.homes, asked.residents, asked.existing, asked.candidates)
    found = solved("distance", reach, Rules(CHOSEN, CHOSEN)).found
    if not found.proved:
        raise SystemExit("It is not proved.")
    return found.choices[0].chosen


report(asked, choose)
