"""What scoring counts: right, said but wrong, not found; and each mistake by itself."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Mistake:
    """One fact of one report that is wrong: `fact` names it, whatever was answered, and `said` is the answer
    (empty where `fact` is the answer, or there is none)."""

    file: str
    fact: str
    said: str = ""

    def __str__(self) -> str:
        return f"{self.file}: {self.fact}" + (f" got {self.said}" if self.said else "")


@dataclass(slots=True)
class Tally:
    """Counts of one field: right (`tp`), said but wrong (`fp`), not found (`fn`), and the mistakes."""

    tp: int = 0
    fp: int = 0
    fn: int = 0
    errors: list[Mistake] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Share of what was said that is right; 1.0 where nothing was said."""
        return self.tp / (self.tp + self.fp) if self.tp + self.fp else 1.0

    @property
    def recall(self) -> float:
        """Share of what the annotation holds that was found; 1.0 where it holds nothing."""
        return self.tp / (self.tp + self.fn) if self.tp + self.fn else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    @property
    def support(self) -> int:
        """How many values the annotation holds."""
        return self.tp + self.fn

    def add(self, other: Tally) -> None:
        """Add the counts and mistakes of another tally."""
        self.tp += other.tp
        self.fp += other.fp
        self.fn += other.fn
        self.errors += other.errors

    def missed(self, mistake: Mistake) -> None:
        """Count a value of the annotation that was not found."""
        self.fn += 1
        self.errors.append(mistake)

    def spurious(self, mistake: Mistake) -> None:
        """Count an answer that the annotation does not hold."""
        self.fp += 1
        self.errors.append(mistake)

    def attribute(self, right: bool, mistake: Mistake) -> None:
        """Count an attribute of something that was matched."""
        if right:
            self.tp += 1
        else:
            self.fp += 1
            self.fn += 1
            self.errors.append(mistake)

    def value(self, gold: object, answer: object, accepted: bool, mistake: Mistake) -> None:
        """Count one optional value of a report; `accepted`: the answer is among the accepted ones."""
        if gold is None and answer is None:
            return
        if accepted:
            self.tp += answer is not None
        else:
            self.fp += answer is not None
            self.fn += gold is not None
            self.errors.append(mistake)
