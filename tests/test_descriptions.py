"""What search engines and those who share a page say of it."""

from __future__ import annotations

from docutils import nodes

from frivillig.sphinx.html import describe


def page(*paragraphs: str) -> nodes.document:
    document = nodes.document(None, None)
    document += nodes.section(
        "", nodes.title("", "Side"), *(nodes.paragraph("", text) for text in paragraphs)
    )
    return document


def test_front_matter_goes_before_the_text():
    assert describe({"description": "Om noe annet."}, page("Om noe.")) == "Om noe annet."


def test_the_first_paragraph_that_is_not_in_a_box():
    document = page("Om noe.\nOg mer.")
    document[0].insert(1, nodes.note("", nodes.paragraph("", "I en boks.")))
    assert describe({}, document) == "Om noe. Og mer."


def test_whole_sentences_as_far_as_they_fit():
    sentence = "En setning på førti tegn, verken mer el."
    assert len(sentence) == 40
    assert describe({}, page(" ".join([sentence] * 9))) == " ".join([sentence] * 4)


def test_a_sentence_too_long_ends_at_a_word():
    text = describe({}, page("ord " * 100))
    assert text.endswith("ord …") and len(text) <= 202


def test_nothing_to_say():
    assert describe({}, page()) == ""
