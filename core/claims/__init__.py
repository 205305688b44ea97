"""The claim gate: whether words say that audio, a picture or a video was made, attached or sent.

A reply may say so only where an artifact of its turn bears it out. Words about earlier media, denials, promises,
conditions and questions claim nothing, and neither does what is quoted.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache

from core.artifacts import Artifact, Kind
from core.claims.languages import MADE_OF, TONGUES, Tongue

_FLAGS = re.IGNORECASE | re.MULTILINE
_SENTENCE = re.compile(r"[^.!?。！？\n]*(?:[.!?。！？]+(?=\s|$|[\"”»）)])|[。！？]|[.!?](?=\S)|\n|$)")
_QUOTED = re.compile(r"“[^”]*”|«[^»]*»|„[^“”]*[“”]|\"[^\"]*\"|「[^」]*」|《[^》]*》|```.*?```|`[^`]*`", re.DOTALL)
_CLAUSE = re.compile(r"[,;—–，；、]|\b(?:but|aber|pero|mais|ma|mas|но|and|und|then)\b|但是?", re.IGNORECASE)
_KNOWN_CHARS = 12
"""Words of somebody else that are at least this long are cut out of a reply before it is read."""
_SHORTEST_S = 0.01
_MEANT = {
    "a": (Kind.AUDIO,),
    "d": (Kind.AUDIO,),
    "i": (Kind.IMAGE,),
    "v": (Kind.VIDEO,),
    "c": (Kind.AUDIO, Kind.VIDEO),
}
"""The kinds that a noun may mean, by the group that it stands in."""

_MEDIA_NAME = r"\S+\.(?P<name>mp3|wav|ogg|m4a|flac|opus|png|jpe?g|gif|webp|mp4|webm|mov)\b"
_MARKUP: tuple[tuple[re.Pattern[str], Kind | None], ...] = (
    (re.compile(r"!\[[^\]]*\]\([^)]*\)|<img\b", _FLAGS), Kind.IMAGE),
    (re.compile(r"<audio\b|\[(?:audio|voice message|voice note|sound|music|song)\b[^\]]*\](?!\()", _FLAGS), Kind.AUDIO),
    (re.compile(r"<video\b|\[video\b[^\]]*\](?!\()", _FLAGS), Kind.VIDEO),
    (re.compile(r"\[(?:image|picture|photo)\b[^\]]*\](?!\()", _FLAGS), Kind.IMAGE),
    (re.compile(rf"\]\({_MEDIA_NAME}[^)]*\)|\bsandbox:/|\battachment:/", _FLAGS), None),
)
"""What language models write in place of media. None: it may be of any kind."""


def evidence(artifacts: Iterable[Artifact]) -> frozenset[Kind]:
    """The kinds of media that really are among artifacts: those that were opened and have a length or a size.

    A video is pictures too, and sound where it has a sound track.
    """
    kinds: set[Kind] = set()
    for artifact in artifacts:
        facts = artifact.facts
        if artifact.kind in (Kind.AUDIO, Kind.VIDEO) and (facts.duration_s or 0.0) < _SHORTEST_S:
            continue
        if artifact.kind is Kind.IMAGE and not (facts.width and facts.height):
            continue
        kinds.add(artifact.kind)
        if artifact.kind is Kind.VIDEO:
            kinds |= {Kind.IMAGE, Kind.AUDIO} if facts.has_audio else {Kind.IMAGE}
    return frozenset(kinds)


def untrue(text: str, there: Collection[Kind], known: Iterable[str] = ()) -> str | None:
    """The first sentence that claims media of a kind that is not `there`; None where no word is untrue.

    `known` are words of others that the reply may repeat: transcripts, the message itself.
    """
    plain = _QUOTED.sub(" … ", text)
    for words in sorted((w.strip() for w in known), key=len, reverse=True):
        if len(words) >= _KNOWN_CHARS:
            plain = plain.replace(words, " … ")
    for pattern, kind in _MARKUP:
        if (match := pattern.search(plain)) and _lacks(frozenset({kind} if kind else ()), there):
            return match[0]
    for match in _SENTENCE.finditer(plain):
        sentence = match[0].strip()
        if sentence and any(_lacks(kinds, there) for tongue in _patterns() for kinds in tongue.claimed(sentence)):
            return sentence
    return None


def denies(text: str) -> bool:
    """Whether words admit, in any of the languages, that something is not so, not done or not to be had."""
    return any(patterns.undone.search(text) for patterns in _patterns())


def _lacks(kinds: frozenset[Kind], there: Collection[Kind]) -> bool:
    """Whether none of the kinds that a claim may mean is there; a claim without a kind may mean any."""
    return not any(kind in there for kind in kinds) if kinds else not there


@dataclass(frozen=True)
class _Patterns:
    """A tongue's claims, ready to look for."""

    tongue: Tongue
    claims: tuple[re.Pattern[str], ...]
    bare: tuple[re.Pattern[str], ...]
    undone: re.Pattern[str]
    joined: re.Pattern[str]
    """One more noun after a claim's: "... and a picture"."""
    earlier: re.Pattern[str]
    condition: re.Pattern[str]

    def claimed(self, sentence: str) -> Iterable[frozenset[Kind]]:
        """The kinds that each claim of a sentence may mean."""
        if self.earlier.search(sentence):
            return
        for pattern in self.claims:
            for match in pattern.finditer(sentence):
                if not self._excused(sentence, match):
                    yield from self._nouns(sentence, match)
        for pattern in self.bare:
            for match in pattern.finditer(sentence):
                if not self._excused(sentence, match) and not re.match(r"[^.!?]*[:：]\s*\S", sentence[match.end() :]):
                    yield frozenset()

    def _excused(self, sentence: str, match: re.Match[str]) -> bool:
        """It is denied, promised, asked, or a condition."""
        before = sentence[: match.start()]
        clause = _CLAUSE.split(before)[-1] + match[0]
        if self.undone.search(clause) or self.condition.search(before + match[0]):
            return True
        after = sentence[match.end() :]
        if self.tongue.tight and self.undone.search(_CLAUSE.split(after)[0]):
            return True
        return sentence.endswith(("?", "？")) and not re.search(r"[,;，、]", after)

    def _nouns(self, sentence: str, match: re.Match[str]) -> Iterable[frozenset[Kind]]:
        found: re.Match[str] | None = match
        while found:
            yield self._kinds(found)
            found = self.joined.match(sentence, found.end())

    def _kinds(self, match: re.Match[str]) -> frozenset[Kind]:
        found = next((name for name, value in match.groupdict().items() if value), "f")
        return frozenset(_MEANT.get(found, ()))


@cache
def _patterns() -> tuple[_Patterns, ...]:
    return tuple(_of(tongue) for tongue in TONGUES)


def _of(tongue: Tongue) -> _Patterns:
    edge, gap = ("", tongue.gap) if tongue.tight else (r"\b", rf"(?:{tongue.gap}){{0,5}}?")
    gap = "" if tongue.gap == "(?!)" else gap
    noun = (
        rf"{gap}(?:(?P<c>{tongue.clip})|(?P<a>{tongue.audio})|(?P<i>{tongue.image})|(?P<v>{tongue.video})|(?P<f>{tongue.file}))"
        rf"{edge}(?!{tongue.text})"
    )
    claims = tuple(re.compile(_filled(c, noun), _FLAGS) for c in tongue.claims)
    bare = tuple(re.compile(b, _FLAGS) for b in tongue.bare)
    return _Patterns(
        tongue,
        claims,
        bare,
        re.compile(tongue.undone, _FLAGS),
        re.compile(rf"\s*(?:,|&|、|，|\b(?:and|y|et|und|e|и)\b|以及|和|と|及び)\s*(?:{noun})", _FLAGS),
        re.compile(tongue.earlier, _FLAGS),
        re.compile(tongue.if_, _FLAGS),
    )


def _filled(claim: str, noun: str) -> str:
    """A claim's pattern with its places filled."""
    return claim.replace("{n}", f"(?:{noun})").replace("{d}", f"(?P<d>{MADE_OF})")
