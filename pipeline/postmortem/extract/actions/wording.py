"""What the words of a sentence or item say: does it ask for something, report something, or only introduce?"""

from __future__ import annotations

import re
from typing import Final

from postmortem.document import Document
from postmortem.extract.actions.cues import cues

_WORD: Final = re.compile(r"[A-Za-z][A-Za-z'-]*")
# What numbers or names an item and is no part of it.
TASK_LABEL: Final = re.compile(
    r"\W{0,4}(?:(?:task|item|action(?: item)?|step|todo|to-do|improvement|fix|measure)s?"
    r"\s?(?:#?\d{1,2})?\s{0,2}[:.)]|\d{1,2}[.):]\s|\d{1,2}\.\d{1,2}(?:\.\d{1,2})?[.)]?\s"
    r"|(?:ai|ca|pa|[a-z])-?\d{1,2}[.:)]\s|[ivx]{1,4}\)\s|[a-h]\)\s|\[[a-z\d]{1,3}\]\s"
    r"|(?:corrective|preventi?ve|(?:short|medium|long)[- ]term|done|completed?|open|pending|planned|in progress|ongoing|wip)"
    r"[\s*']{0,4}:[*']{0,3})\s{0,4}",
    re.IGNORECASE,
)
# What the sentence behind an action says of it alone: "Owner: Lea. Due: June."
ASIDE: Final = re.compile(
    r"\W{0,3}(?:owners?|assignee|assigned(?: to)?|responsible|dri|due(?: date)?|deadline|eta|planned(?: for)?|target(?: date)?|"
    r"tickets?|jira|issue|status|priority|tracked (?:in|as|by))\s?[:=]",
    re.IGNORECASE,
)
GROUP_END: Final = re.compile(r":\W{0,3}$")
_INTRO_HINTS: Final = ("ollowing", "FOLLOWING", "pecific", "everal", "hese ", "ome ")
_LONGEST_TAIL: Final = 24
_TICKET: Final = re.compile(r"\A\W{0,3}(?:[A-Z][A-Z0-9]{1,9}-|#)\d{1,6}\b")
# What may stand before the verb that asks.
_LEADING: Final = frozenset(
    "also please perhaps maybe then next first second third fourth last somebody someone everybody ultimately".split()
)
_JOINING: Final = frozenset(("to", "by", "and"))
# Subjects of which a sentence tells what they do rather than who will do it.
_NO_NAMES: Final = frozenset("this that it there which he she what who how".split())
# What every commitment holds: far cheaper to look for than the commitments themselves.
_MODAL: Final = re.compile(
    r"'ll|will|shall|should|must|need|going to|plan|intend|ha(?:ve|s) to|ought|aim |WILL|SHALL|SHOULD|MUST|"
    r"uture|rom now on|ext time|enceforth|nd of the|tarting |"
    r"oing forward|oving forward|revent |void |again|recur|tracked|scheduled|slated|under ?way|in progress|"
    r"(?:are|am|is) (?:to|[a-z]{3,12}ly|in|also|now|[a-z]{3,16}ing)\b"
)


def words_of(document: Document, start: int, end: int) -> str:
    """The words of `start:end` with single spaces between them, for patterns that span several words."""
    return " ".join(document.plain[start:end].split())


def is_skipped(text: str) -> bool:
    """Is it an introduction, a closing, a placeholder or a single word?"""
    rules = cues()
    if rules.skip.match(text):
        return True
    if rules.tail.search(text[-_LONGEST_TAIL:]):
        return True
    if any(hint in text for hint in _INTRO_HINTS) and any(pattern.search(text) for pattern in rules.intro):
        return True
    return len({word.lower() for word in _WORD.findall(text)}) < 2


def is_report(text: str) -> bool:
    """Does a sentence promise an update or describe an effect, rather than ask for something?"""
    update, effect = cues().prose_skip
    return bool(update.search(text)) or bool(effect.search(text) and not is_imperative(text))


def is_titled(text: str) -> bool:
    """ "Better monitoring: we watch memory now": a name, a colon, what it means."""
    head, colon, tail = text.partition(":")
    return bool(colon) and 1 <= len(head.split()) <= 5 and len(tail.split()) >= 3


def asks(text: str, strict: bool) -> bool:
    """Does a text ask for something; `strict`: in words that do so outside action sections too?"""
    rules = cues()
    if strict:
        return bool(_MODAL.search(text)) and any(pattern.search(text) for pattern in rules.strict)
    head, colon, tail = text.partition(":")
    for part in (text, tail) if colon and len(head.split()) <= 6 else (text,):
        said = _WORD.search(part, 0, 80)
        if said is None:
            continue
        if said[0].lower() in rules.openers:
            return True
        words = _opening(part) or [said[0]]
        first, second = words[0].lower(), words[1].lower() if len(words) > 1 else ""
        if first in rules.openers or (first in _JOINING and second in rules.openers):
            return True
        if words[0][0].isupper() and first not in _NO_NAMES and _third_person(second):
            return True
    return any(pattern.search(text) for pattern in rules.ask)


def _opening(text: str) -> list[str]:
    """Return the first words of a text without a ticket's id and without words such as "perhaps" and "secondly"."""
    words = _WORD.findall(_TICKET.sub("", text[:80]))
    while len(words) > 1 and (words[0].lower() in _LEADING or words[0].lower().endswith("ly")):
        del words[0]
    return words


def _third_person(word: str) -> bool:
    """Is it a verb that asks for something, told of somebody: "widens", "fixes"?"""
    verbs = cues().imperatives
    return word.endswith("s") and (word[:-1] in verbs or word[:-2] in verbs)


def is_imperative(text: str) -> bool:
    """Does a text open with a verb that asks for something?"""
    words = _opening(text[:60])
    return bool(words) and words[0].lower() in cues().imperatives


def is_bare_label(text: str) -> bool:
    """A group's name ("Code reviews"), not a request."""
    words = _WORD.findall(text)
    return len(words) <= 4 and not text.rstrip().endswith(".")
