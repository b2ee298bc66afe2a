"""Read a message without a language model: exact, fast, and deaf to what it has no rule for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from tastemaker.agent.memory.request import Preference
from tastemaker.agent.nlu.foreign_phrases import say_in_english
from tastemaker.agent.nlu.part_mentions import PartMentions
from tastemaker.agent.nlu.rules.acts.accepting import talk_act_of
from tastemaker.agent.nlu.rules.acts.aggregate_questions import read_aggregate
from tastemaker.agent.nlu.rules.acts.asides import find_asides
from tastemaker.agent.nlu.rules.acts.dialogue_acts import act_of, relatives, why_not_title
from tastemaker.agent.nlu.rules.acts.how_many import read_how_many
from tastemaker.agent.nlu.rules.acts.intent import read_intent
from tastemaker.agent.nlu.rules.acts.item_questions import asks_of_item
from tastemaker.agent.nlu.rules.acts.known_items import (
    find_exceptions,
    find_known,
    find_known_behind,
    find_known_titles,
    find_owned,
    without_exceptions,
)
from tastemaker.agent.nlu.rules.acts.permissions import Permission, find_permissions
from tastemaker.agent.nlu.rules.acts.request_scope import without_scope_words
from tastemaker.agent.nlu.rules.acts.retractions import (
    attributes_in,
    is_allowed_too,
    read_allowances,
    read_retractions,
)
from tastemaker.agent.nlu.rules.acts.same_but import find_same_but
from tastemaker.agent.nlu.rules.acts.titles_asked import asks_to_see, asks_whether_here
from tastemaker.agent.nlu.rules.audience import facts_of_them, for_whom, is_for_somebody_else, join_wishes
from tastemaker.agent.nlu.rules.critiques import Comparison, CritiqueReader
from tastemaker.agent.nlu.rules.described_work import describes_work, is_of_work, is_time_of_story
from tastemaker.agent.nlu.rules.facet_preferences import (
    FacetReader,
    prefer_wishes,
    without_circumstances,
    without_contradictions,
    without_denials_in,
    without_lesser,
    without_limits,
    without_names,
    without_wishes_in,
)
from tastemaker.agent.nlu.rules.free_text_query import (
    FILLER,
    blank_out,
    read_avoided,
    read_query_text,
    says_more,
)
from tastemaker.agent.nlu.rules.half_remembered import describes_story, without_requirements
from tastemaker.agent.nlu.rules.negation import NEGATION, find_negations, is_narrowed
from tastemaker.agent.nlu.rules.numeric_constraints import Said, read_years, year_field
from tastemaker.agent.nlu.rules.ordinals import REFERENCE, read_places
from tastemaker.agent.nlu.rules.other_languages import Translation, translate, without_little_words
from tastemaker.agent.nlu.rules.refused_words import asking_sentences, read_refused_words
from tastemaker.agent.nlu.rules.seen_groups import find_seen_groups
from tastemaker.agent.nlu.rules.sentiment import read_sentiment
from tastemaker.agent.nlu.rules.slips import mend_slips, shorten_phrases
from tastemaker.agent.nlu.rules.stated_conditions import (
    compounds_of,
    constraints_of,
    is_told,
    read_conditions,
    words_about,
)
from tastemaker.agent.nlu.rules.statement_or_request import is_fond_of, is_liked
from tastemaker.agent.nlu.rules.styles import in_the_style
from tastemaker.agent.nlu.rules.titles.missing_titles import (
    find_missing_people,
    find_missing_titles,
    part_spans,
)
from tastemaker.agent.nlu.rules.titles.part_titles import PartTitles
from tastemaker.agent.nlu.rules.titles.series import Series, telling_words
from tastemaker.agent.nlu.rules.titles.title_mentions import TitlesSaid
from tastemaker.agent.nlu.rules.titles.typed_titles import TypedTitles
from tastemaker.agent.nlu.rules.value_mentions import NAME_CUES, WORKS, Named, ValueWords
from tastemaker.agent.nlu.rules.value_stances import SURE_OF_TITLE, ValueStances, join_lists, mark_refusals
from tastemaker.agent.nlu.stance import Stance, StanceReader
from tastemaker.agent.nlu.tokenizer import STOPWORDS, Word, clause_starts, find_stop, words
from tastemaker.agent.nlu.understanding import (
    Act,
    AggregateQuestion,
    Intent,
    Mention,
    Relative,
    Sentiment,
    Understanding,
)
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.schema import EVERY, Kind, Provenance
from tastemaker.retrieval.facets.matching import FacetMatcher
from tastemaker.retrieval.facets.reading import FacetMatch, FacetReading
from tastemaker.retrieval.filters.aggregates import Aggregate, What
from tastemaker.retrieval.filters.conditions import Condition, Not, leaves
from tastemaker.retrieval.filters.constraints import NEGATIVE, Constraint, Op, describe, mask
from tastemaker.retrieval.index.catalog_language import catalog_language
from tastemaker.retrieval.quantities.reading import Reading
from tastemaker.retrieval.text.common_words import is_everyday
from tastemaker.retrieval.text.languages import ENGLISH
from tastemaker.retrieval.titles.mentions_in_text import find_titles
from tastemaker.retrieval.titles.resolver import TitleResolver

MIN_PHRASE_WORDS, MIN_MEANT = 2, 3
"""A facet phrase of more words takes the values inside it."""
KINDS_OF_WORKS = frozenset(
    "comedy comedies drama dramas thriller thrillers musical musicals western westerns documentary documentaries "
    "romance romances mystery mysteries cartoon cartoons animation animations noir".split()
)
MAX_SERIES_WORDS = 5
HEAD, TAIL = 1500, 500
"""Letters of a message that are read: nobody says more than this in one turn, and patterns take their time."""
_ABBREVIATED = re.compile(r"(?<=\b(?:rom|sci))\.(?= ?-?(?:com|fi))", re.IGNORECASE)
"""A stop that ends no sentence: "Rom. Coms"."""
_CORRECTION = re.compile(r"\b(?:no,? wait|i mean|or rather|sorry,? i meant)\b,?", re.IGNORECASE)
_WHICH = re.compile(
    r"^\W*(?:(?:and|so|but|ok(?:ay)?)\W+)?which (?:(?:one|film|movie|book|of (?:them|these|those|"
    r"the two))\s+)?"
    r"(?:is|was|['’]s|are|has|takes|lasts)\b",
    re.IGNORECASE,
)
_OPINION = re.compile(
    r"\b(?:like[ds]?|love[ds]?|enjoy(?:ed)?|hate[ds]?|dislike[ds]?|boring|bored|seen|saw|watched|awful|"
    r"terrible)\b",
    re.IGNORECASE,
)
_SUPERLATIVE = re.compile(r"\b(?:the )?(\w{3,})est\b", re.IGNORECASE)
_CAPITALS = re.compile(r"(?<!\w)[A-Z][\w'’-]*(?: (?:(?:of|the|and|in|to|a|on|&) )*[A-Z][\w'’-]*)*")
"""What is written like a name or a title."""
_SUBJECT = re.compile(
    r"\b(?:(?<!how )(?<!what )(?<!thinking )about|based on|inspired by)\s+(?:(?:a|an|the|some|real|"
    r"true)\s+){0,2}$|"
    r"\b(?:my|our|his|her|their|your|whole|live)\s+$",
    re.IGNORECASE,
)
"""What makes the next word a subject or a person's own, and no label: "about music", "with my family"."""


class RulesReader:
    """Reads messages about one catalogue with patterns and exact matches only."""

    name = "rules"

    def __init__(
        self,
        catalog: Catalog,
        resolver: TitleResolver,
        matcher: FacetMatcher | None = None,
        stances: StanceReader | None = None,
        today: Callable[[], date] = date.today,
    ) -> None:
        self._stances = ValueStances(stances)
        self._catalog = catalog
        self._today = today
        self._resolver = resolver
        self._values = ValueWords(catalog)
        self._parts = PartMentions(catalog)
        self._titles = TitlesSaid(resolver, self._values)
        self._series = Series(catalog)
        self._part_titles = PartTitles(catalog)
        self._typed = TypedTitles(catalog, resolver, self._part_titles, self.names_value, self._is_wish)
        self._facets = FacetReader(matcher, catalog) if matcher else None
        self._critiques = CritiqueReader(matcher, catalog) if matcher else None

    def read(self, message: str) -> Understanding:
        """Fill the form for a message; what no rule covers ends up in ``wish``.

        Of a very long message only the beginning and the end are read.
        """
        written = say_in_english(_ABBREVIATED.sub(" ", _shorten(message)))
        written = shorten_phrases(mend_slips(written))
        message = join_wishes(written)
        groups = find_seen_groups(message)
        known_groups = [message[a:b] for a, b in groups]
        numbered = [match.span() for match, _ in read_places(message)]
        titles = [
            span
            for span in self._titles.find(message)
            if not self._is_in_series(message, span, groups) and not _is_place(message, span, numbered)
        ]
        typed = self._typed.find(blank_out(message, [*titles, *groups]))
        typed = {span: how for span, how in typed.items() if not _is_place(message, span, numbered)}
        titles = sorted([*titles, *typed])
        known = [
            (a, b)
            for a, b in titles
            if (a, b) in typed or self._resolver.resolve(message[a:b]).status != "none"
        ]
        missing = find_missing_titles(blank_out(message, known), self._is_named_here, self._is_wish)
        titles = [span for span in titles if span not in missing]
        people = (
            find_missing_people(blank_out(message, titles), self._is_known_name)
            if self._values.people
            else []
        )
        strangers = tuple(f"who {message[a:b]} is" for a, b in people)
        blank = blank_out(message, [*titles, *missing, *people])
        act = act_of(message) or talk_act_of(message, names=bool(titles))
        if act and not (
            act is Act.COMPARE and self._read_which_is_more(blank, relatives(blank, self._catalog))
        ):
            return self._of_act(act, message, titles, blank)
        # Of what it is not nobody asks: "what's that film, not Mrs Doubtfire, he's a teacher".
        meant = [span for span in titles if not _IS_NOT.search(message, 0, span[0])]
        asks_for_it = asks_whether_here(message, titles) or asks_to_see(message, titles)
        recalled = len(meant) < len(titles) and describes_work(message, bool(meant))
        about_item = (asks_of_item(message) and not recalled) or asks_for_it
        described = not about_item and describes_work(message, bool(meant))
        intent = Intent.QUESTION if about_item else read_intent(message, meant)
        if described and not meant:
            intent = Intent.RECOMMEND
        permitted = self._permissions_in(blank)
        blank = blank_out(blank, [one.span for one, _ in permitted])
        forget, gone = read_retractions(blank, self._catalog, self._values)
        forget = tuple(dict.fromkeys((*forget, *(name for _, fields in permitted for name in fields))))
        if self._facets and not forget and (fine := read_allowances(blank)):
            # A topic that is fine too is one more that is wanted: "dogs are ok too".
            found_again = self._facets.find(blank[slice(*fine)], ()).matches
            again = [one for one in found_again if one.field != self._facets.topic]
            forget = tuple(dict.fromkeys(leaf.field for one in again for leaf in leaves(one.condition)))
            gone = [fine] if forget else gone
        blank = blank_out(blank, gone)
        same_but = find_same_but(blank)
        blank = blank_out(blank, [same_but] if same_but else [])
        relative = relatives(blank, self._catalog)
        blank = blank_out(blank, [(mention.first, mention.last) for mention in relative])
        known = [*find_known(blank), *find_owned(blank), *find_exceptions(blank)]
        asides = [*find_asides(blank), *(one.span for one, _ in permitted)]
        plain = without_exceptions(blank)
        blank = blank_out(blank, [*groups, *asides])
        tokens = words(blank)
        stated = read_conditions(blank, self._catalog, self._today())
        numbers = [*constraints_of(stated), *read_years(blank, self._catalog, stated)]
        joined = compounds_of(stated)
        parts = self._parts.read(blank, tokens, find_negations)
        numbers += [one for one in parts if not _is_inside(one[1:], [(s.start, s.end) for s in stated])]
        explained = [*((one.start, one.end) for one in stated), *(one[1:] for one in parts)]
        named = [
            value
            for value in self._values.find(blank, tokens)
            if not _is_inside(_span(tokens, value), explained)
        ]
        near_amounts = [
            (one.start, one.end)
            for one in stated
            if one.prefer and "number of" in blank[one.start : one.end].casefold()
        ]
        asked = self._read_aggregate(blank_out(blank, near_amounts), tokens, named, numbers)
        asked = asked or self._read_which_is_more(blank, relative)
        if asked:
            intent = Intent.QUESTION
        mentions = (
            *self._title_mentions(message, titles, intent, typed),
            *(Mention(title=self._called(message[a:b]), sentiment=Sentiment.ASKED) for a, b in missing),
            *_ordinal_mentions(plain, intent),
            *self._mentions_of_series(known_groups),
        )
        mentions = (*mentions, *self._sequels_of_refused(message, mentions))
        series = self._series_to_leave_out(message, mentions)
        mentions = tuple(mention for mention in mentions if mention.title not in series)
        if asked:
            return Understanding(intent=intent, mentions=mentions, asked=asked)
        if intent is Intent.MORE and any(
            m.sentiment is Sentiment.LIKED and m.place is None for m in mentions
        ):
            intent = Intent.RECOMMEND  # "loved Heat, what else is like it" begins a search
        starts = [
            *(tokens[mention.first].start for mention in named),
            *(start for _, start, _ in (*numbers, *joined)),
        ]
        first, last = dropped = _correction_span(blank, starts)
        spoken = _norms(tokens, named)
        styled = self._named_as_manner(blank, tokens, named)
        named = [value for value in named if value not in styled]
        everybody, named = named, self._values_asked_for(blank, tokens, named, dropped, described)
        fond_of = [
            value
            for value in everybody
            if value not in named and self._is_fond_of(blank, tokens, value, named)
        ]
        aside = "" if described else _mask_out(blank, [(a, b) for _, a, b in (*numbers, *joined)])
        kept = [c for c, a, b in numbers if not first <= a < last and not is_told(aside, a, b, blank)]
        required = tuple(c for c, a, b in joined if not first <= a < last and not is_told(aside, a, b, blank))
        near = tuple(
            Preference(condition=one.prefer, words=blank[one.start : one.end])
            for one in stated
            if one.prefer and not is_told(aside, one.start, one.end) and not _stands_before(one, missing)
        )
        manners = [
            (c, a, b)
            for c, a, b in numbers
            if c in kept and _IN_THE_VEIN.search(blank, b, find_stop(blank, b))
        ]
        kept = [c for c in kept if all(c != manner for manner, _, _ in manners)]
        near = (*near, *(Preference(condition=c, weight=MANNER, words=blank[a:b]) for c, a, b in manners))
        unknown = tuple(dict.fromkeys(one.unknown for one in stated if one.unknown))
        spans = [dropped, *((start, end) for _, start, end in numbers)]
        spans += [(one.start, one.end) for one in stated if not one.prefer]
        spans += [match.span() for match in REFERENCE.finditer(blank)]
        spans += [match.span() for match, _ in read_places(blank)]
        people_said = [_span(tokens, value) for value in everybody if value.field in self._values.people]
        compared = [
            one
            for one in (self._critiques.read(blank) if self._critiques else [])
            if not any(one.span[0] < b and a < one.span[1] for a, b in people_said)  # "more Bill Murray"
        ]
        spans += [one.span for one in compared if not one.critique.more]  # "too childish" asks for no child
        spans += [*known, *(part_spans(message) if missing else [])]
        places = [*titles, *(match.span() for match, _ in read_places(blank))]
        about = words_about([*constraints_of(stated), *numbers], named, bool(unknown))
        labels = {*_norms(tokens, [*named, *styled]), *about}
        spans += [_span(tokens, value) for value in styled]
        if about_item:
            named, kept, required, near = [], [], (), ()
        english, language = Translation(), catalog_language(self._catalog)
        if intent is Intent.RECOMMEND and language == ENGLISH:
            english = translate(blank_out(message, titles))
        wanted, found = tuple[Preference, ...](), FacetReading()
        if self._facets:
            names = [_span(tokens, value) for value in named if value.field in self._values.people]
            skipped = [*titles, *missing, *names, *people, *groups, *asides, *known]
            found = self._facets.find(message, skipped, english.sentence)
            found = without_contradictions(mark_refusals(found, message, self._stances))
            found = prefer_wishes(without_circumstances(found, message), self._catalog)
            found = without_names(without_lesser(found, message), message, self._facets.topic)
            found = found.only(lambda one: not _is_refused_in_part(one, message))
            lessened = [one.span for one in compared if one.critique.field and not one.critique.more]
            found = without_denials_in(found, lessened)
            found = without_wishes_in(found, [one.span for one in compared if not one.critique.more])
            found = _without_echoes(found, [_span(tokens, value) for value in named])
            compared = [one for one in compared if not _is_said_outright(one, found)]
            named = [value for value in named if not self._is_part_of_phrase(tokens, value, found)]
            named, wanted = self._facets.split_soft(named, blank, tokens)
            wanted = (*wanted, *self._soft_values(english.sentence))
        allowed = [
            value
            for value in named
            if is_allowed_too(blank, end := _span(tokens, value)[1])
            or (value.field in self._values.people and _IF_POSSIBLE.match(blank, end))
        ]
        named = [value for value in named if value not in allowed]
        wanted = (*wanted, *(_soft_preference(value, tokens, blank, ALLOWED) for value in allowed))
        wanted = (*wanted, *self._better_with(permitted, message))
        stepped = {one.critique.field for one in compared if one.critique.field and not one.critique.more}
        if titles:  # "like Heat, but less violent": a step from it, and no limit
            found = without_limits(found, stepped)
        wanted = (*wanted, *(_soft_preference(value, tokens, blank) for value in styled))
        wanted = (*wanted, *(_soft_preference(value, tokens, blank, FOND) for value in fond_of))
        # What is denied as a facet is no word to leave out, however often it is said: "not American" is an origin.
        denied = {word.norm for one in found.matches if _denies(one.condition) for word in words(one.words)}
        refused = [match.span for match in found.matches if isinstance(match.condition, Not)]
        refused_here = [span for span in refused if span[1] <= len(blank)]
        spans += [_clause_of(blank, span) for span in refused_here]
        spans += [
            _clause_of(blank, span) for span, how in typed.items() if how
        ]  # "titanic sucks" searches nothing
        spans += [one.span for one in found.matches if _says_what_is_not(one) and one.span[1] <= len(blank)]
        # What nothing holds is nothing to search for.
        spans += [unknown.span for unknown in found.unknown if unknown.span[1] <= len(blank)]
        whom = for_whom(blank)
        query_text = (
            ""
            if intent is not Intent.RECOMMEND
            else ", ".join(
                filter(
                    None,
                    (
                        read_query_text(
                            blank, [*spans, *whom], labels, places, explained=bool(found.matches or kept)
                        ),
                        *facts_of_them(blank),
                    ),
                )
            )
        )
        query_text = without_little_words(query_text, language)
        if described:
            told = [value for value in named if not self._is_of_work(tokens, value)]
            wanted = (*wanted, *(_soft_preference(value, tokens, blank) for value in told))
            named = [value for value in named if value not in told]
            kept = [c for c, a, _ in numbers if c in kept and not is_time_of_story(blank, a)]
        valued = list(self._value_conditions(blank, tokens, named))
        constraints = (
            *(one for one in valued if isinstance(one, Constraint)),
            *self._read_refused_pronoun(blank, tokens, everybody),
            *kept,
        )
        if intent is Intent.MORE and found.matches:
            intent = Intent.RECOMMEND  # "what else is scary": more is asked for, and what it is like
        reading = Understanding(
            intent=intent,
            mentions=tuple(dict.fromkeys(mentions)),
            constraints=_distinct(constraints),
            forget=forget,
            wish=_beyond_scope(query_text),
            avoid=(
                *(
                    text
                    for text in (
                        read_avoided(blank_out(blank, refused_here), spoken)
                        if self._facets and (query_text or named or found.matches)
                        else ()
                    )
                    if says_more(text, {word.norm for word in words(query_text)})
                ),
                *(group for group in known_groups if self._facets and any(telling_words(words(group)))),
            ),
            refused=(
                (*read_refused_words(blank_out(blank, spans), labels | denied), *series)
                if intent is Intent.RECOMMEND
                else read_refused_words(
                    blank_out(blank, [*spans, *asking_sentences(message, [*titles, *missing])]), labels
                )
                if intent is Intent.QUESTION
                else ()
            ),
            relative=tuple(one for one in relative if not any(c.field == one.field for c in kept)),
            required=(*required, *(one for one in valued if not isinstance(one, Constraint))),
            prefer=(*wanted, *near),
            unknown=unknown,
            critiques=tuple(one.critique for one in compared),
            other_person=is_for_somebody_else(written),
            how_many=read_how_many(blank),
        )
        if self._facets and intent is Intent.RECOMMEND:
            reading = self._facets.read(message, found, reading)
        if strangers and intent is Intent.RECOMMEND:
            reading = reading.model_copy(update={"unknown": (*strangers, *reading.unknown)})
        if same_but:
            reading = reading.model_copy(update={"forget": (*forget, *self._replacements(reading))})
        explained += [_span(tokens, value) for value in named]
        if intent is Intent.RECOMMEND and (described or describes_story(blank_out(message, explained))):
            reading = without_requirements(reading, constraints if described else ())
        if missing and asks_for_nothing_else(reading):
            reading = reading.model_copy(update={"intent": Intent.QUESTION, "wish": ""})
        return english.added_to(reading)

    def _permissions_in(self, text: str) -> list[tuple[Permission, tuple[str, ...]]]:
        """What a message says may be so, with the attributes of which it takes conditions back.

        Of moods and the like an item has several, so that one more takes none back; a topic that is fine too is
        one more that is wanted.
        """
        found = []
        for one in find_permissions(text) if self._facets else ():
            thing = text[slice(*one.thing)]
            told = {leaf.field for leaf in self._leaves_of(thing)}
            if self.values_in(thing) and not one.lifts:
                continue  # "comedies welcome", "it can be a drama": these are asked for
            told |= attributes_in(thing, self._catalog) if one.lifts else set()
            if told == {self._topic} and _TOO.search(text, *one.span):
                continue
            fields = [
                name for name in self._catalog.schema.names(EVERY) if name in told and self._is_closed(name)
            ]
            if (year := year_field(self._catalog)) and _OF_AGE.search(thing):
                fields.append(year)
            found.append((one, tuple(dict.fromkeys(fields))))
        return found

    def _replacements(self, reading: Understanding) -> tuple[str, ...]:
        """The attributes whose conditions give way where all stays but what a message names."""
        preferred = (one.condition for one in reading.prefer)
        conditions = (*reading.constraints, *reading.required, *preferred)
        fields = dict.fromkeys(leaf.field for one in conditions for leaf in leaves(one))
        if not _ORIGIN.isdisjoint(fields):  # "Italian" was one or the other
            fields |= dict.fromkeys(sorted(_ORIGIN))
        return tuple(name for name in fields if name in self._catalog.schema and self._is_closed(name))

    def _is_closed(self, name: str) -> bool:
        """Whether values of an attribute stand against one another: levels, a language, a genre."""
        attribute = self._catalog.schema[name]
        stated = attribute.provenance is not Provenance.INFERRED
        return attribute.kind is not Kind.TAGS or stated or bool(self._facets and self._facets.is_exact(name))

    def _better_with(
        self, permitted: Sequence[tuple[Permission, tuple[str, ...]]], message: str
    ) -> Iterable[Preference]:
        """What is permitted and liked besides, as preferences."""
        for one, _ in permitted:
            thing = message[slice(*one.thing)]
            for match in self._facets.find(thing, ()).matches if self._facets and one.better else ():
                yield Preference(condition=match.condition, weight=BETTER, words=match.words)

    @property
    def _topic(self) -> str:
        return self._facets.topic if self._facets else ""

    def _leaves_of(self, phrase: str) -> list[Constraint]:
        """The conditions that a phrase states of facets and values."""
        found = self._facets.find(phrase, ()) if self._facets else FacetReading()
        values = [condition for condition, _, _ in self.values_in(phrase)]
        return [*(leaf for one in found.matches for leaf in leaves(one.condition)), *values]

    def _called(self, name: str) -> str:
        """The title that a name is a telling part of, or the name itself."""
        return self._part_titles.title(name) or name

    def _mentions_of_series(self, groups: Iterable[str]) -> Iterable[Mention]:
        """The items of a series all of which the person knows: "seen all the Godfathers"."""
        for group in groups:
            for title in self._series.titles(group):
                yield Mention(title=title, sentiment=Sentiment.SEEN)

    def _series_to_leave_out(self, message: str, mentions: Iterable[Mention]) -> tuple[str, ...]:
        """Titles turned down that stand for a whole series, and are no opinion on one of it: "not Star Trek"."""
        return tuple(
            mention.title
            for mention in mentions
            if mention.title
            and mention.sentiment is Sentiment.DISLIKED
            and len(self._series.titles(mention.title)) > 1
            and not _OPINION.search(message)
        )

    def _sequels_of_refused(self, message: str, mentions: Iterable[Mention]) -> Iterable[Mention]:
        """Further items of a series that a title stands for where it is left out: "in space, but not Star Wars"."""
        for mention in mentions if not _OPINION.search(message) else ():
            found = self._resolver.resolve(mention.title) if mention.title else None
            if mention.sentiment is Sentiment.DISLIKED and found and found.status == "one":
                for title in self._series.sequels(self._catalog[found.matches[0].id]):
                    yield Mention(title=title, sentiment=Sentiment.DISLIKED)

    def _is_in_series(self, message: str, span: tuple[int, int], groups: Sequence[tuple[int, int]]) -> bool:
        """Whether a title stands for a whole series: "seen all the Alien films"."""
        return any(a <= span[0] and span[1] <= b and self._series.titles(message[a:b]) for a, b in groups)

    def _is_named_here(self, name: str) -> bool:
        """Whether a name is a title or has a value of this catalogue in it."""
        return self.names_value(name) or self._resolver.resolve(name).status != "none"

    def _is_wish(self, name: str) -> bool:
        """Whether every word of a name that tells something stands for facets: "Scary Movies", no "Marriage Story"."""
        spans = self._facet_spans(name)
        return bool(spans) and not _tells(blank_out(name, spans))

    def _is_known_name(self, name: str) -> bool:
        """Whether a name is somebody's here, a title's, or all of it something that is asked of items."""
        return self._is_named_here(name) or (0, len(name)) in self._facet_spans(name)

    def _facet_spans(self, name: str) -> list[tuple[int, int]]:
        """Where a name stands for facets, or for properties that none holds."""
        found = self._facets.find_in_name(name) if self._facets else FacetReading()
        return [*(one.span for one in found.matches), *(one.span for one in found.unknown)]

    def _title_mentions(
        self,
        message: str,
        titles: Sequence[tuple[int, int]],
        intent: Intent,
        typed: Mapping[tuple[int, int], Sentiment | None],
    ) -> Iterable[Mention]:
        """The titles with how they are spoken of; a refusal that no pattern lists is one all the same."""
        plain = blank_out(message, titles)
        known = find_known_titles(plain, titles)
        for mention, (start, end) in zip(_title_mentions(message, titles, intent), titles, strict=True):
            if (start, end) in typed and self._resolver.resolve(mention.title or "").status == "none":
                mention = mention.model_copy(update={"title": self._called(mention.title or "")})
            if how := typed.get((start, end)):
                yield mention.model_copy(update={"sentiment": how})
                continue
            if (start, end) in known:
                yield mention.model_copy(update={"sentiment": Sentiment.SEEN})
                continue
            told = f"{plain[:start]}{message[start:end]}{plain[end:]}"
            if mention.sentiment is Sentiment.LIKED and self._stances.refuses(
                told, (start, end), SURE_OF_TITLE
            ):
                mention = mention.model_copy(update={"sentiment": Sentiment.DISLIKED})
            yield mention

    def _is_part_of_phrase(self, tokens: Sequence[Word], value: Named, found: FacetReading) -> bool:
        """Whether a value stands inside a longer phrase that means something else, as in "children in danger".

        A topic of two words means something else where most of what it stands for lacks the value: hardly a film
        about the cold war is a war film, and most about the civil war are.
        """
        start, end = _span(tokens, value)
        if tokens[value.last].norm in KINDS_OF_WORKS:  # a "spy thriller" is a thriller
            return False
        for match in found.matches:
            size = len(words(match.words))
            if not match.span[0] <= start <= end <= match.span[1] or match.span == (start, end):
                continue
            if size > MIN_PHRASE_WORDS:
                return True
            if size == MIN_PHRASE_WORDS and self._facets and match.field == self._facets.topic:
                meant = mask(self._catalog, [match.condition])
                own = Constraint(field=value.field, op=Op.ANY_OF, value=(value.value,))
                if meant.sum() >= MIN_MEANT and mask(self._catalog, [own])[meant].mean() < 0.5:
                    return True
        return False

    def _is_of_work(self, tokens: Sequence[Word], value: Named) -> bool:
        """Whether a value is said of the work that a message describes, and not of its story."""
        cued = value.first > 0 and tokens[value.first - 1].norm in NAME_CUES
        return cued or value.field in self._values.people or is_of_work(tokens, value.first, value.last)

    def _values_asked_for(
        self,
        text: str,
        tokens: Sequence[Word],
        named: Sequence[Named],
        dropped: tuple[int, int],
        described: bool = False,
    ) -> list[Named]:
        """The values that are asked for or turned down, and not only told of."""
        kept = [mention for mention in named if not _is_no_label(text, tokens, mention, dropped)]
        if described:
            return kept
        people = [mention.field in self._values.people for mention in kept]
        spans = [_span(tokens, mention) for mention in kept]
        stances = join_lists(text, spans, self._stances.of(text, spans, people))
        return [mention for mention, stance in zip(kept, stances, strict=True) if stance is not Stance.TOLD]

    def _read_refused_pronoun(
        self, text: str, tokens: Sequence[Word], named: Sequence[Named]
    ) -> Iterable[Constraint]:
        """Somebody told of and turned down by a pronoun: "a crush on Ralph Fiennes, so nothing with him"."""
        if (refusal := _NOT_THEM.search(text)) is None:
            return
        before = [
            value
            for value in named
            if value.field in self._values.people and tokens[value.last].end <= refusal.start()
        ]
        if before:
            yield Constraint(field=before[-1].field, op=Op.IS_NOT, value=before[-1].value)

    def _is_fond_of(
        self, text: str, tokens: Sequence[Word], value: Named, asked_for: Sequence[Named]
    ) -> bool:
        """Whether a value is only said to be liked: a wish for more of it, and no condition.

        Of a label that is so where no other is asked for: "I love horror, any comedies?" wants none.
        """
        start, end = _span(tokens, value)
        if value.field in self._values.people:
            liked = is_liked(text, start)
        else:
            liked = is_fond_of(text, start) and all(one.field != value.field for one in asked_for)
        return liked and not find_negations(text, [(start, end)])[0]

    def _named_as_manner(self, text: str, tokens: Sequence[Word], named: Sequence[Named]) -> list[Named]:
        """The values that stand for a manner, which others have too: "like a David Lynch film"."""
        spans = [_span(tokens, value) for value in named]
        return [
            value
            for value, span, negative in zip(named, spans, find_negations(text, spans), strict=True)
            if in_the_style(text, *span) and not negative
        ]

    def _soft_values(self, english: str) -> tuple[Preference, ...]:
        """Values of large vocabularies in the English of a message in another language, as preferences."""
        if not english or self._facets is None:
            return ()
        tokens = words(english)
        return self._facets.split_soft(list(self._values.find(english, tokens)), english, tokens)[1]

    def _of_act(self, act: Act, message: str, titles: Sequence[tuple[int, int]], blank: str) -> Understanding:
        if act is Act.RESTART:
            return Understanding(intent=read_intent(message, titles), act=act)
        if act is Act.ABOUT_US:
            return Understanding(intent=Intent.CHAT, act=act)
        mentions = (
            *_title_mentions(message, titles, Intent.QUESTION),
            *_ordinal_mentions(blank, Intent.QUESTION),
        )
        if act is Act.ACCEPT:
            return Understanding(intent=Intent.CHAT, act=act, mentions=mentions[:1])
        if not mentions and (unknown := why_not_title(message)):
            mentions = (Mention(title=unknown, sentiment=Sentiment.ASKED),)
        return Understanding(intent=Intent.QUESTION, mentions=mentions, act=act)

    def _read_aggregate(
        self, blank: str, tokens: Sequence[Word], named: Sequence[Named], numbers: Sequence[Said]
    ) -> AggregateQuestion | None:
        """The question about many items in a message; there, what is told narrows it too."""
        where = (*self._value_conditions(blank, tokens, named), *(c for c, _, _ in numbers))
        plain = blank_out(blank, [(start, end) for _, start, end in numbers])
        return read_aggregate(plain, self._catalog, where, _norms(tokens, named))

    def _read_which_is_more(self, blank: str, relative: Sequence[Relative]) -> AggregateQuestion | None:
        """The question which of several items has more of something: "which is shorter, Heat or Fargo?"."""
        if not _WHICH.search(blank):
            return None
        steps = (
            [(one.critique.field, one.critique.more) for one in self._critiques.read(blank)]
            if self._critiques
            else []
        )
        if shorter := _SUPERLATIVE.search(blank):  # "which is shortest?"
            steps += [
                (one.critique.field, one.critique.more)
                for one in (self._critiques.read(f"{shorter[1]}er") if self._critiques else ())
            ]
        steps += [(one.field, one.more) for one in relative if one.more is not None]
        field, more = next(((name, up) for name, up in steps if name), ("", True))
        what = What.HIGHEST if more else What.LOWEST
        return AggregateQuestion(aggregate=Aggregate(what=what, field=field)) if field else None

    def without_titles(self, message: str) -> str:
        """The message with the catalogue's titles blanked out."""
        return blank_out(message, [(start, end) for start, end, _ in find_titles(message, self._resolver)])

    def names_title(self, phrase: str) -> bool:
        """Whether a title of this catalogue stands in a phrase."""
        return bool(self._known_spans(phrase))

    def title_spans(self, phrase: str) -> list[tuple[int, int]]:
        """Where titles of this catalogue stand in a phrase, in order; also those that only capitals show."""
        found = self._known_spans(phrase)
        found += self._typed.find(blank_out(phrase, found))
        for match in _CAPITALS.finditer(phrase):
            taken = any(a < match.end() and match.start() < b for a, b in found)
            if not taken and self._is_exact_title(match[0]):
                found.append(match.span())
        return sorted(found)

    def _known_spans(self, phrase: str) -> list[tuple[int, int]]:
        spans = self._titles.find(phrase)
        return [(a, b) for a, b in spans if self._resolver.resolve(phrase[a:b]).status != "none"]

    def _is_exact_title(self, name: str) -> bool:
        """Whether a name is a title letter by letter, and no word of every day."""
        resolved = self._resolver.resolve(name)
        exact = resolved.status != "none" and resolved.matches[0].likeness == 1
        return exact and not all(is_everyday(word.norm) for word in words(name))

    def series_in(self, phrase: str) -> tuple[tuple[int, int], tuple[str, ...]] | None:
        """Where a phrase names a series by the first words of its titles, and ids of these: "the star trek films"."""
        tokens = words(phrase)
        telling = [word.norm not in STOPWORDS | WORKS for word in tokens]
        for size in range(min(len(tokens), MAX_SERIES_WORDS), 0, -1):
            for first in range(len(tokens) - size + 1):
                last = first + size - 1
                if not (telling[first] and telling[last]) or (size == 1 and is_everyday(tokens[first].norm)):
                    continue
                span = tokens[first].start, tokens[last].end
                if self._series.titles(phrase[slice(*span)]):  # its shorter parts name nothing else
                    parts = self._series.parts(phrase[slice(*span)])
                    return (span, tuple(item.id for item in parts)) if len(parts) > 1 else None
        return None

    def names_value(self, phrase: str) -> bool:
        """Whether a phrase has a value of this catalogue in it: a genre, a person."""
        return bool(self.value_words(phrase))

    def values_in(self, phrase: str) -> list[tuple[Constraint, int, int]]:
        """The values of this catalogue that a phrase names, as conditions with their places."""
        tokens = words(phrase)
        return [
            (Constraint(field=value.field, op=Op.ANY_OF, value=(value.value,)), *_span(tokens, value))
            for value in self._values.find(phrase, tokens)
        ]

    def value_words(self, phrase: str) -> set[str]:
        """Normal forms of the words of a phrase that stand for values of this catalogue."""
        tokens = words(phrase)
        return _norms(tokens, list(self._values.find(phrase, tokens)))

    def _value_conditions(
        self, text: str, tokens: Sequence[Word], named: Sequence[Named]
    ) -> Iterable[Condition]:
        """What the values of a message ask for and turn down.

        A word for several labels is turned down where both meet: no romcoms leaves romances and comedies.
        """
        wanted: dict[str, list[Named]] = {}
        are_people = [mention.field in self._values.people for mention in named]
        stances = self._stances.of(text, [_span(tokens, mention) for mention in named], are_people)
        said = _norms(tokens, named)
        sided = [
            (m, stance is Stance.REFUSED)
            for m, stance in zip(named, stances, strict=True)
            if stance is not Stance.REFUSED
            or m.field in self._values.people
            or not is_narrowed(text, tokens[m.first].start, said)
        ]
        refused: dict[tuple[str, int], dict[str, None]] = {}
        for mention, against in sided:
            if against:
                refused.setdefault((mention.field, mention.first), {})[mention.value] = None
        labels = {place: values for place, values in refused.items() if place[0] not in self._values.people}
        compounds = {place: tuple(values) for place, values in labels.items() if len(values) > 1}
        alone = {
            (field, value)
            for (field, first), values in refused.items()
            if (field, first) not in compounds
            for value in values
        }
        for mention, _ in sided:  # "what would fans of his watch that isn't by him": a refusal counts
            if (mention.field, mention.value) in alone:
                yield Constraint(field=mention.field, op=Op.IS_NOT, value=mention.value)
            elif (mention.field, mention.first) not in compounds:
                wanted.setdefault(mention.field, []).append(mention)
        for (field, _), values in compounds.items():
            yield Not(none_of=Constraint(field=field, op=Op.ALL_OF, value=values))
        for field, group in wanted.items():
            kind, people = self._catalog.schema[field].kind, field in self._values.people
            yield _join(field, group, text, tokens, kind, people=people)


_IF_POSSIBLE = re.compile(
    r"[,\s]*(?:if (?:possible|you can|there (?:is|are) any)|maybe|perhaps|ideally|for preference|best|"
    r"preferred|"
    r"would be (?:best|great|ideal|nice))\b",
    re.IGNORECASE,
)
"""Behind a name it makes a wish of what would be a condition."""
FOND = 0.5
"""Weight of somebody whom a message says to be liked: "love comedies with Cary Grant. more!"."""
_IN_THE_VEIN = re.compile(
    r"\b(?:kind|sort|type) of (?:thing|stuff|film|movie|vibe|feel)|\b(?:vibes?|feel|aesthetic)\b",
    re.IGNORECASE,
)
"""Behind a decade it asks for the manner of those years: "70s paranoia kind of thing"."""
_NOT_THEM = re.compile(
    r"\b(?:nothing|no(?:t| films?| movies?)?(?: one)?|none|without|anything but)"
    r"(?: (?:with|by|of|from))? (?:him|her|them)\b"
    r"(?! (?:best|all|again))",
    re.IGNORECASE,
)
_IS_NOT = re.compile(r"\bnot (?:the (?:film |movie )?)?$", re.IGNORECASE)
_NOBODY = re.compile(r"\b(?:nobody|no one|noone|none|hardly|barely|zero)\b", re.IGNORECASE)
MANNER = 0.5
"""Weight of the years whose manner is asked for."""
ECHO = 0.3
"""What else a label says, beside the condition that it is: a comedy is funny, mostly."""
_ORIGIN = frozenset({"country", "language"})
BETTER = 0.6
"""Weight of what may be so and is liked besides."""
_TOO_BEHIND = re.compile(r"\W*(?:too|as well|also|likewise)\b", re.IGNORECASE)
_TOO = re.compile(r"\b(?:too|also|as well)\b", re.IGNORECASE)
_OF_AGE = re.compile(
    r"\b(?:old(?:er|ish)?|new(?:er|ish)?|recent|vintage|classics?|modern|any age)\b", re.IGNORECASE
)
ALLOWED = 0.3
"""Weight of what is fine too."""


def _soft_preference(value: Named, tokens: Sequence[Word], text: str, weight: float = 1.0) -> Preference:
    """A value as a preference: of somebody only asked for the manner of, of what is fine too, of a story told."""
    start, end = _span(tokens, value)
    condition = Constraint(field=value.field, op=Op.ANY_OF, value=(value.value,))
    return Preference(condition=condition, weight=weight, words=text[start:end])


def _without_echoes(found: FacetReading, labels: Sequence[tuple[int, int]]) -> FacetReading:
    """Readings of a word that is a condition itself count less: "comedies" are asked for already, "funny" or not."""
    matches = tuple(
        replace(one, score=one.score * ECHO) if one.polarity > 0 and _is_inside(one.span, labels) else one
        for one in found.matches
    )
    return replace(found, matches=matches)


def asks_for_nothing_else(reading: Understanding) -> bool:
    """Whether a message names titles that are not there, and says nothing else of what is wanted."""
    says = reading.constraints or reading.prefer or reading.required or reading.critiques or reading.relative
    asked = all(mention.sentiment is Sentiment.ASKED for mention in reading.mentions)
    return asked and reading.intent is Intent.RECOMMEND and not says and not _tells(reading.wish)


def _beyond_scope(query_text: str) -> str:
    """A text to search for without what speaks of the list; nothing of "something in that vein" is left."""
    bare = without_scope_words(query_text)
    return bare if bare == query_text or _tells(bare) else ""


def _tells(wish: str) -> bool:
    return any(word.norm not in STOPWORDS | FILLER | {"new", "latest", "here"} for word in words(wish))


def _denies(condition: Condition) -> bool:
    """Whether a condition turns values down."""
    return isinstance(condition, Not) or all(leaf.op in NEGATIVE for leaf in leaves(condition))


def _says_what_is_not(match: FacetMatch) -> bool:
    """Whether words say of what there is to be none or little: "nobody falls in love" is no love to search for."""
    limits = all(leaf.op is Op.AT_MOST for leaf in leaves(match.condition))
    return limits and bool(NEGATION.search(match.words) or _NOBODY.search(match.words))


def _clause_of(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """The clause around a span."""
    cuts = [*clause_starts(text), len(text)]
    return max(cut for cut in cuts if cut <= span[0]), min(cut for cut in cuts if cut >= span[1])


def _span(tokens: Sequence[Word], value: Named) -> tuple[int, int]:
    start, end = tokens[value.first].start, tokens[value.last].end
    if value.within and len(tokens[value.first].norm) == end - start:
        return start + value.within[0], start + value.within[1]
    return start, end


def _mask_out(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with conditions as one meaningless word each: "4 stars" is no verb, and blanks would be a title."""
    for start, end in spans:
        text = f"{text[:start]}{'x' * (end - start)}{text[end:]}"
    return text


def _stands_before(one: Reading, titles: Iterable[tuple[int, int]]) -> bool:
    """Whether words belong to a title that the catalogue lacks: the "new" of "the new Dune movie"."""
    return any(one.start < start <= one.end for start, _ in titles)


def _is_inside(span: tuple[int, int], places: Sequence[tuple[int, int]]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in places)


def _is_place(message: str, span: tuple[int, int], numbered: Sequence[tuple[int, int]]) -> bool:
    """Whether what reads like a title is a number of the list: "seen 2 and 3"."""
    return message[slice(*span)].strip().isdigit() and _is_inside(span, numbered)


def _is_refused_in_part(match: FacetMatch, message: str) -> bool:
    """Whether only some works of a kind are turned down: who wants "not a dumb comedy" may well want to laugh."""
    said = words(match.words)
    return (
        match.polarity < 0
        and len(said) == 1
        and said[0].norm in KINDS_OF_WORKS
        and is_narrowed(message, match.span[0], KINDS_OF_WORKS)
    )


def _is_said_outright(one: Comparison, found: FacetReading) -> bool:
    """Whether an open word that is compared with nothing named is a facet anyway: "sunnier" is feel-good."""
    bare = not one.critique.field and one.critique.more and one.than is None
    return bare and any(m.span[0] < one.span[1] and one.span[0] < m.span[1] for m in found.matches)


def _distinct(constraints: Iterable[Constraint]) -> tuple[Constraint, ...]:
    return tuple({describe(constraint): constraint for constraint in constraints}.values())


def _shorten(message: str) -> str:
    if len(message) <= HEAD + TAIL:
        return message
    return f"{message[:HEAD].rpartition(' ')[0] or message[:HEAD]}\n{message[-TAIL:].partition(' ')[2]}"


def _norms(tokens: Sequence[Word], named: Iterable[Named]) -> set[str]:
    """Normal forms of the words that stand for values."""
    return {word.norm for mention in named for word in tokens[mention.first : mention.last + 1]}


_PEOPLE_WORDS = frozenset({"child", "children"})
_SOMEBODYS = re.compile(r"\b(?:the|whose|where|two|three|four|five|and) $", re.IGNORECASE)
_OF_THEM = re.compile(r"['’]?s?['’]? (?:film|movie|book|stor(?:y|ies)|classic|section|genre)", re.IGNORECASE)
"""Children of a story are no category: "immigrant families, the children wanting another life"."""
_DARK_HUMOUR = re.compile(r"\b(?:humou?r|com[ée]die|rire)s? $", re.IGNORECASE)
"""French for what is dark and funny: "avec de l'humour noir"."""


def _is_no_label(text: str, tokens: Sequence[Word], mention: Named, dropped: tuple[int, int]) -> bool:
    """Whether a value is what a story is about, or taken back in the same breath."""
    start, end = tokens[mention.first].start, tokens[mention.last].end
    if dropped[0] <= start < dropped[1] or _SUBJECT.search(text[:start]):
        return True
    said, before = tokens[mention.first].norm, text[:start]
    return bool(
        (said in _PEOPLE_WORDS and _SOMEBODYS.search(before) and not _OF_THEM.match(text, end))
        or (said == "noir" and _DARK_HUMOUR.search(before))
    )


def _correction_span(text: str, at: Sequence[int]) -> tuple[int, int]:
    """What a message takes back in the same breath: the clause before "no wait", where one of ``at`` comes after it."""
    match = _CORRECTION.search(text)
    if not match or not any(place >= match.end() for place in at):
        return (0, 0)
    starts = [place for place in clause_starts(text) if words(text[place : match.start()])]
    return (starts[-1] if starts else 0, match.end())


def _join(
    field: str, group: Sequence[Named], text: str, tokens: Sequence[Word], kind: Kind, *, people: bool = False
) -> Constraint:
    values = tuple(dict.fromkeys(mention.value for mention in group))
    if len(values) == 1:
        return Constraint(field=field, op=Op.IS, value=values[0])
    if len({(mention.first, mention.last) for mention in group}) == 1:
        # "A rom com" is both; of several people with one surname any is meant.
        return Constraint(field=field, op=Op.ANY_OF if people else Op.ALL_OF, value=values)
    between = text[tokens[group[0].last].end : tokens[group[-1].first].start]
    plurals = all(
        tokens[mention.last].norm.endswith("s") and not mention.value.endswith("s") for mention in group
    )
    either = re.search(r"\bor\b|,", between, re.IGNORECASE) or plurals or kind is Kind.CATEGORY
    return Constraint(field=field, op=Op.ANY_OF if either else Op.ALL_OF, value=values)


def _title_mentions(message: str, titles: Sequence[tuple[int, int]], intent: Intent) -> Iterable[Mention]:
    plain = blank_out(message, titles)
    asks = [place for place in _sentences(plain) if "?" in plain[slice(*place)]] or [(0, len(plain))]
    for start, end in titles:
        asked = intent is Intent.QUESTION and any(first <= start <= last for first, last in asks)
        sentiment = Sentiment.ASKED if asked else read_sentiment(message, start, end, titles)
        yield Mention(title=message[start:end], sentiment=sentiment)


def _sentences(text: str) -> list[tuple[int, int]]:
    places = [0, *(match.end() for match in re.finditer(r"[.?!\n]+", text)), len(text)]
    return list(pairwise(places))


def _ordinal_mentions(text: str, intent: Intent) -> Iterable[Mention]:
    sentiment = Sentiment.LIKED
    for match, numbers in read_places(text):
        asks, before = intent is Intent.QUESTION, sentiment
        sentiment = Sentiment.ASKED if asks else read_sentiment(text, *match.span(), [match.span()])
        if sentiment is Sentiment.LIKED and _TOO_BEHIND.match(text, match.end()):
            sentiment = before  # "seen the first, the third too"
        elif sentiment is Sentiment.LIKED and find_known_behind(text, match.end()):
            sentiment = Sentiment.SEEN
        for number in numbers:
            yield Mention(place=number, sentiment=sentiment)
