"""What is planted in the repository that is made for the tests: each scene is a generator that
makes commits of a Maker, and yields where others may do theirs."""

import copy

from bank_model import Line, Snippet, edit, style_change


def scene_claim(maker):
    """The claim itself is edited."""
    key, _ = maker.add("sum")
    yield
    culprit = maker.edit(key, "Correct the total", claimed="4711")
    maker.plant("claim", key, "false", culprit)


def scene_code(maker):
    """Code above the claim is edited."""
    key, _ = maker.add("dict")
    yield
    numbers = maker.state.snippet(key).numbers
    true = maker.state.snippet(key).value()
    culprit = maker.edit(key, "Other prices", numbers=[numbers[0] + 100, *numbers[1:]],
                         claimed=true)
    maker.plant("code", key, "false", culprit)


def scene_journey(maker):
    """After it has become false it moves, is indented otherwise, renumbered, renamed, edited."""
    key, _ = maker.add("loop")
    yield
    culprit = maker.edit(key, "A longer list", claimed="[1, 2, 3, 4]")
    maker.plant("journey", key, "false", culprit)
    yield
    maker.commit("Set it otherwise", style_change(key, "indented"))
    maker.do_rename()
    yield
    maker.edit(key, "A note", extra=[f"{key}_note = None"])
    yield
    move(maker, key)
    maker.do_folder()
    yield
    maker.commit("And back", style_change(key, "fenced"))
    move(maker, key)


def move(maker, key):
    """To the front of another section."""
    places = len(maker.loose())

    def change(state, mark):
        _, section, question, _ = state.place(key)
        loose = maker.loose(state)
        there = next(i for i, each in enumerate(loose) if each is section)
        section[1].remove(question)
        loose[(there + places // 2) % places][1].insert(0, question)

    return maker.commit("Ask it first, and elsewhere", change)


def scene_output(maker):
    """The block of output is edited."""
    key, _ = maker.add("tell")
    yield
    culprit = maker.edit(key, "Show the output", claimed=maker.state.snippet(key).value() + "1")
    maker.plant("output block", key, "false", culprit)


def scene_prompt(maker):
    key, _ = maker.add("prompt")
    yield
    culprit = maker.edit(key, "Show the value", claimed="-5")
    maker.plant("prompt", key, "false", culprit)


def scene_fixture(maker):
    """A helper of the fixture is edited."""
    key, _ = maker.add("stock")
    yield
    maker.edit(key, "Count one more", claimed=str(
        maker.state.amounts.get(key, 0) + 7), numbers=[7, 1, 1])
    yield
    culprit = maker.commit("More in store", lambda state, mark: state.amounts.update({key: 40}))
    maker.plant("fixture", key, "false", culprit)


def scene_missing(maker):
    """While the fixture is away nobody can say when it became false."""
    key, _ = maker.add("stock")
    yield
    first = maker.commit("No store", lambda state, mark: setattr(state, "is_stocked", False))
    maker.others(2)

    def restock(state, mark):
        state.is_stocked = True
        state.amounts[key] = 12

    last = maker.commit("A store again", restock)
    maker.plant("missing fixture", key, "false", first, last)


def scene_unparsable(maker):
    key, _ = maker.add("sum")
    yield
    first = maker.edit(key, "Half an edit", is_broken=True)
    yield
    second = maker.edit(key, "Another half", extra=[f"{key}_half = None"])
    yield
    last = maker.edit(key, "The rest of it", is_broken=False, claimed="815")
    maker.plant("unparsable", key, "false", first, second, last)


def scene_repaired(maker):
    """Unparsable in between, but good on both sides."""
    key, _ = maker.add("dict")
    yield
    maker.edit(key, "Half an edit", is_broken=True)
    yield
    maker.edit(key, "Mended", is_broken=False)
    yield
    culprit = maker.edit(key, "Other prices", claimed="[0]")
    maker.plant("repaired before", key, "false", culprit)


def scene_still(maker):
    """False, unparsable, false again: it was false all along."""
    key, _ = maker.add("loop")
    yield
    culprit = maker.edit(key, "A shorter list", claimed="[]")
    yield
    maker.edit(key, "Half an edit", is_broken=True)
    yield
    maker.edit(key, "Mended", is_broken=False)
    maker.plant("unparsable while false", key, "false", culprit)


def scene_reverts(maker):
    """False, true, false: the last time counts."""
    key, _ = maker.add("sum")
    yield
    maker.edit(key, "Round it", claimed="1000")
    yield
    maker.edit(key, 'Revert "Round it"', claimed=None)
    yield
    culprit = maker.edit(key, 'Revert "Revert "Round it""', claimed="1000")
    maker.plant("reverts", key, "false", culprit)


def scene_side(maker):
    """On a branch."""
    key, _ = maker.add("sum")
    yield
    marks, _ = maker.on_branch([("On the side", edit(key, extra=[f"{key}_aside = None"])),
                                ("Still on the side", edit(key, claimed="31337")),
                                ("More on the side", edit(key, extra=[]))],
                               lambda: maker.others(4))
    maker.plant("side branch", key, "false", marks[1])


def scene_inside(maker):
    """On the main branch while a side branch leaves it alone."""
    key, _ = maker.add("dict")
    yield
    culprit = None

    def meanwhile():
        nonlocal culprit
        maker.others(1)
        culprit = maker.edit(key, "Other prices", claimed="[1]")
        maker.others(1)

    maker.on_branch([("On the side", edit(maker.some_key(), numbers=maker.numbers()))] * 1,
                    meanwhile)
    maker.plant("beside a branch", key, "false", culprit)


def scene_merge(maker):
    """Only the merge is wrong: the question comes from one side, less in store from the other."""
    question = maker.new_question("stock", 0)
    snippet = question.snippets[0]
    key = snippet.key
    maker.commit("Store some", lambda state, mark: state.amounts.update({key: 3}))
    snippet.claimed = str(3 + snippet.numbers[0])
    yield

    def ask(state, mark):
        new = copy.deepcopy(question)
        new.prose = [Line(line.text, mark) for line in new.prose]
        new.snippets[0].lines = []
        new.snippets[0].write(mark)
        maker.loose(state)[0][1].append(new)

    _, merge = maker.on_branch(
        [("Ask on the side", ask)],
        lambda: maker.commit("Store less", lambda state, mark: state.amounts.update({key: 2})))
    maker.plant("merge", key, "false", merge)


def scene_born(maker):
    """False from the first."""
    key, mark = maker.add("sum", claimed="12345")
    yield
    maker.plant("born false", key, "false", mark)


def scene_again(maker):
    """Removed while true, and added again, false."""
    key, _ = maker.add("dict")
    yield
    kept = []

    def remove(state, mark):
        _, section, question, _ = state.place(key)
        section[1].remove(question)
        kept.append(question)

    maker.commit("Nobody asks that", remove)
    yield

    def restore(state, mark):
        question = copy.deepcopy(kept[0])
        snippet = question.snippets[0]
        question.prose = [Line(line.text, mark) for line in question.prose]
        snippet.claimed, snippet.lines = "[7]", []
        snippet.write(mark)
        maker.loose(state)[1][1].insert(0, question)

    culprit = maker.commit("Somebody did", restore)
    maker.plant("added again", key, "false", culprit)


def scene_accepted(maker):
    """What was accepted is edited; the question has moved before."""
    key, _ = maker.add("accepted")
    true = maker.state.snippet(key).value()
    maker.commit("Accept it", lambda state, mark: state.expected.update({key: true}))
    yield
    move(maker, key)
    yield
    culprit = maker.commit("Accept something else",
                           lambda state, mark: state.expected.update({key: "9 of 9"}))
    maker.plant("expectation", key, "changed", culprit)


def scene_session(maker):
    """The earlier block that it needs is edited."""
    mark = len(maker.commits) + 1
    question = maker.new_question("tariff", mark)
    tariff = question.snippets[0]
    bill = Snippet(tariff.word + "_bill", "bill", tariff.word, tariff.numbers, mark)
    question.snippets.append(bill)
    maker.commit("What is to be paid?",
                 lambda state, _: maker.loose(state)[2][1].append(copy.deepcopy(question)))
    yield
    numbers = [tariff.numbers[0] + 1, *tariff.numbers[1:]]
    culprit = maker.edit(tariff.key, "A higher tariff", numbers=numbers)
    maker.plant("session", bill.key, "fragment", culprit)


def scene_skipped(maker):
    """Left out by the configuration while it became false."""
    title = "Rules for guests"
    path = "docs/rules.md"
    question = maker.new_question("sum", len(maker.commits) + 1)
    question.is_pinned = True
    key = question.snippets[0].key

    def ask(state, mark):
        document = next(each for each in state.documents if each.path == path)
        document.sections.append([title, [copy.deepcopy(question)]])

    maker.commit("Guests", ask)
    yield

    def skip(state, mark):
        state.settings[(path, title)] = "skip: not now"

    first = maker.commit("Not now", skip)
    yield
    second = maker.edit(key, "While nobody looks", claimed="2718")
    yield
    last = maker.commit("Now", lambda state, mark: state.settings.pop((path, title)))
    maker.plant("skipped", key, "false", first, second, last)


def scene_timeout(maker):
    """Settings that change nothing but that it has to be checked again."""
    title, path = "Rules for waiting", "docs/rules.md"
    questions = [maker.new_question(kind, len(maker.commits) + 1) for kind in ("sum", "dict")]
    for question in questions:
        question.is_pinned = True

    def ask(state, mark):
        document = next(each for each in state.documents if each.path == path)
        document.sections.append([title, copy.deepcopy(questions)])

    maker.commit("Waiting", ask)
    yield
    maker.commit("Wait longer",
                 lambda state, mark: state.settings.update({(path, title): "timeout: 12"}))


def scene_fine(maker):
    """False once, and mended since."""
    key, _ = maker.add("twice")
    yield
    maker.edit(key, "Round it", claimed="1000")
    yield
    mended = maker.edit(key, "Right again", claimed=None)
    maker.plant("fine", key, "verified", mended)


def scene_two(maker):
    """Two claims become false, one after the other: it is false since the first."""
    key, _ = maker.add("twice")
    yield
    culprit = maker.edit(key, "Round it", claimed="1000")
    yield
    a, b, c = maker.state.snippet(key).numbers
    maker.edit(key, "And the product", numbers=[a, b, c + 1])
    maker.plant("two claims", key, "false", culprit)


SCENES = (scene_claim, scene_code, scene_journey, scene_output, scene_prompt, scene_fixture,
          scene_missing, scene_unparsable, scene_repaired, scene_still, scene_reverts, scene_side,
          scene_inside, scene_merge, scene_born, scene_again, scene_accepted, scene_session,
          scene_skipped, scene_timeout, scene_fine, scene_two)
