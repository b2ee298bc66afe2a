import numpy as np

from tastemaker.recommenders.data.context_values import ContextValues
from tastemaker.recommenders.data.query import Query
from tastemaker.recommenders.data.resolved_query import ResolvedQuery
from tastemaker.retrieval.catalog.interactions import Interactions

SUNDAY_EVENING = 1_700_420_400.0  # 2023-11-19 19:00 UTC


def test_a_query_has_the_codes_of_the_events_it_is_like():
    log = Interactions.from_columns(
        ["b", "a", "a"],
        [0, 1, 2],
        [SUNDAY_EVENING, 3.0, SUNDAY_EVENING],
        context={"with": ["kids", "", "alone"]},
    )
    values = ContextValues.of(log)
    of_log = values.of_log(log)
    assert values.names == ("with", "daytime", "day")
    rows = np.empty(0, np.int64)
    asked = [
        Query(context={"with": "kids"}, now=SUNDAY_EVENING),
        Query(),
        Query(context={"with": "alone", "day": "sunday", "daytime": "evening"}),
    ]
    codes = values.of_queries([ResolvedQuery(query, rows, None) for query in asked])
    np.testing.assert_array_equal(codes, of_log[[0, 1, 2]])  # users keep their order of first appearance
    assert (codes[1] == 0).all()
    assert values.unknown({"with": "kids", "weather": "wet", "day": "today"}) == (
        "context weather=wet",
        "context day=today",
    )
    assert ContextValues.read(values.dump()) == values


def test_a_said_moment_is_believed_before_the_clock():
    values = ContextValues.of(Interactions.from_columns(["a"], [0], [SUNDAY_EVENING]))
    query = Query(context={"day": "monday"}, now=SUNDAY_EVENING)
    said, told = values.of_queries(
        [ResolvedQuery(one, np.empty(0, np.int64), None) for one in (query, Query(now=SUNDAY_EVENING))]
    )
    day = values.names.index("day")
    assert values.values[day][said[day] - 1] == "monday"
    assert values.values[day][told[day] - 1] == "sunday"
