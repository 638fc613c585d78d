"""Which sensitivity labels a record gets, and why: its source's security labels, codes, and plain words.

A label keeps the whole record from a model until it is granted by itself, so the words are chosen to miss
rather than to over-reach: `depression` is not the ST segment's, `abuse` alone is nothing. The words of
notes and documents are not searched; notes are a category of their own.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from assistant.records.coded import SNOMED, SYSTEM_LETTERS
from assistant.records.decode import Node
from assistant.records.model import Coding
from assistant.records.sensitive_codes import (
    ANTIRETROVIRALS,
    CODES,
    CONTRACEPTIVES,
    GENETIC,
    HIV,
    ICD_PREFIXES,
    MENTAL,
    PSYCHIATRIC_MEDICINES,
    REPRODUCTIVE,
    SEXUAL,
    SEXUAL_MEDICINES,
    SUBSTANCE,
    SUBSTANCE_MEDICINES,
    VIOLENCE,
)
from assistant.records.words import fold

ORDINARY = frozenset(("N", "L", "M", "U", "NORM", "HTEST"))
"""Security codes that mark nothing as sensitive: normal, low, moderate and no confidentiality, test data.
Every other code under `meta.security` counts, known to us or not."""

_DRUGS = (
    r"(?:alcohol|drugs?|substance|opioids?|opiates?|cannabis|cocaine|heroin"
    r"|stimulants?|sedatives?|inhalants?)"
)

_ALONE: dict[str, str] = {
    HIV: f"hiv hiv1 hiv2 antiretroviral {ANTIRETROVIRALS}",
    SUBSTANCE: (
        f"alcoholism heroin cocaine methamphetamine marijuana overdose detoxification {SUBSTANCE_MEDICINES}"
    ),
    MENTAL: (
        "depressive schizophrenia schizoaffective bipolar psychosis psychotic anxiety suicide"
        " suicidal ptsd adhd"
        " psychiatric psychiatry psychotherapy bulimia phobia phobic dysthymia mania manic antidepressant"
        f" antipsychotic phq phq2 phq9 gad7 autism autistic {PSYCHIATRIC_MEDICINES}"
    ),
    SEXUAL: (
        "syphilis gonorrhea gonorrhoea gonorrhoeae trichomonas trichomoniasis chancroid erectile"
        " transgender libido"
        f" {SEXUAL_MEDICINES}"
    ),
    REPRODUCTIVE: (
        "pregnancy pregnant pregnancies prenatal antenatal postnatal postpartum abortion miscarriage"
        " contraceptive"
        " contraceptives contraception infertility fertility subfertility ivf icsi obstetric"
        " obstetrical obstetrics"
        " fetal fetus foetal childbirth gestational gestation vasectomy embryo semen sperm ovulation"
        " iud stillbirth"
        " preeclampsia eclampsia hcg trimester gravid cesarean caesarean hysterosalpingography aneuploidy"
        f" {CONTRACEPTIVES}"
    ),
    GENETIC: (
        "genetic genetics genomic brca brca1 brca2 karyotype huntington exome chromosomal pharmacogenomic"
    ),
    VIOLENCE: "rape battered assault violence",
}
_PHRASES: tuple[tuple[str, str, str], ...] = (
    (HIV, "immunodeficiency", r"human immunodeficiency"),
    (SUBSTANCE, "abuse", _DRUGS + r"\b[^.;]{0,30}\babuse"),
    (SUBSTANCE, "misuse misuses", _DRUGS + r"\b[^.;]{0,30}\bmisuse|misuses drugs"),
    (SUBSTANCE, "dependence dependent", _DRUGS + r"\b[^.;]{0,30}\bdependen(?:ce|t)|dependent drug"),
    (SUBSTANCE, "disorder disorders", _DRUGS + r" use disorder"),
    (SUBSTANCE, "withdrawal intoxication", _DRUGS + r" (?:withdrawal|intoxication)"),
    (SUBSTANCE, "addiction", r"(?<!nicotine )(?<!tobacco )\baddiction"),
    (
        SUBSTANCE,
        "alcoholic",
        r"(?<!non-)(?<!non )\balcoholic (?:hepatitis|cirrhosis|liver|fatty|cardiomyopathy|gastritis)",
    ),
    (SUBSTANCE, "audit", r"\baudit-?c\b|\baudit \(alcohol"),
    (
        SUBSTANCE,
        "rehabilitation screen screening",
        r"(?:alcohol|drugs?|substance)(?: abuse| of abuse)? (?:rehab|screen)",
    ),
    (
        SUBSTANCE,
        "recreational illicit illegal",
        r"(?:recreational|illicit|illegal)(?: or recreational)? drugs?",
    ),
    (
        MENTAL,
        "depression",
        r"(?<!st )(?<!st-)(?<!segment )(?<!respiratory )(?<!marrow )(?<!cns )\bdepression",
    ),
    (MENTAL, "depressed", r"feeling down, depressed"),
    (MENTAL, "anorexia", r"anorexia nervosa"),
    (MENTAL, "panic", r"panic (?:disorder|attack)"),
    (MENTAL, "traumatic", r"post[- ]?traumatic stress"),
    (MENTAL, "posttraumatic", r"posttraumatic stress"),
    (MENTAL, "obsessive", r"obsessive[- ]compulsive"),
    (MENTAL, "deficit", r"attention[- ]deficit"),
    (MENTAL, "personality", r"personality disorder"),
    (MENTAL, "mental behavioral behavioural", r"(?:mental|behaviou?ral) (?:health|disorder|illness)"),
    (MENTAL, "harm", r"self[- ]harm"),
    (SEXUAL, "chlamydia", r"chlamydia\b(?! pneumoniae| psittaci)"),
    (SEXUAL, "sexually", r"sexually transmitted"),
    (SEXUAL, "sexual", r"sexual (?:orientation|dysfunction|activity|history|health)"),
    (SEXUAL, "genital", r"genital (?:herpes|wart)"),
    (SEXUAL, "gender", r"gender (?:identity|dysphoria|incongruence)"),
    (REPRODUCTIVE, "follitropin", r"follitropin (?:alpha|alfa|beta|delta)"),
    (REPRODUCTIVE, "menstrual", r"last menstrual"),
    (REPRODUCTIVE, "intrauterine", r"intrauterine (?:device|contracept|system|insemin)"),
    (REPRODUCTIVE, "birth", r"birth control|(?:premature|preterm|live|following) birth"),
    (REPRODUCTIVE, "tubal", r"tubal (?:ligation|steril|patency)"),
    (REPRODUCTIVE, "ovarian", r"ovarian reserve"),
    (REPRODUCTIVE, "conceive", r"trying to conceive|to conceive"),
    (REPRODUCTIVE, "maternal", r"maternal (?:age|care)"),
    (REPRODUCTIVE, "ovum", r"blighted ovum"),
    (REPRODUCTIVE, "labor labour", r"(?:induction of|premature|preterm|false) labou?r"),
    (REPRODUCTIVE, "delivery", r"(?:vaginal|normal|spontaneous) delivery"),
    (REPRODUCTIVE, "vitamin vitamins", r"prenatal vitamin"),
    (GENETIC, "gene mutation", r"gene mutation|gene (?:analysis|test|sequenc)|\bmutation analysis"),
    (GENETIC, "carrier", r"carrier (?:of|for|screen|status)|expanded carrier|genetic carrier"),
    (
        VIOLENCE,
        "abuse abused",
        r"(?:sexual|physical|domestic|child|partner|elder|emotional)(?:ly)? abused?\b",
    ),
    (VIOLENCE, "partner", r"partner (?:abuse|violence)|afraid of your partner"),
)

_WORD_LABEL = {word: label for label, words in _ALONE.items() for word in words.split()}
_WORD_PATTERNS: dict[str, list[tuple[str, re.Pattern[str]]]] = {
    word: [(label, re.compile(pattern)) for label, given, pattern in _PHRASES if word in given.split()]
    for _, words, _ in _PHRASES
    for word in words.split()
}
_TRIGGERS = frozenset(_WORD_LABEL) | frozenset(_WORD_PATTERNS)
_BY_SYSTEM: dict[str, dict[str, str]] = {
    system: ICD_PREFIXES if letter == "i" else CODES[letter]
    for system, letter in SYSTEM_LETTERS.items()
    if letter == "i" or letter in CODES
}
LONGEST = 2000
"""Characters of one text that are searched for words."""


_SHORT = 200
"""Names and their codes' displays come back again and again and are remembered; longer texts aren't."""


def word_labels(texts: Iterable[str]) -> list[str]:
    """Value sets that plain words put a record into."""
    text = " ; ".join([text if len(text) < LONGEST else text[:LONGEST] for text in texts])
    return [*_remembered_labels(text)] if len(text) <= _SHORT else _labels(text)


@lru_cache(maxsize=4096)
def _remembered_labels(text: str) -> list[str]:
    return _labels(text)


def _labels(text: str) -> list[str]:
    text = text.lower()
    words = fold(text)
    if _TRIGGERS.isdisjoint(words):
        return []
    labels: list[str] = []
    for word in _TRIGGERS.intersection(words):
        if word in _WORD_LABEL:
            labels.append(_WORD_LABEL[word])
        labels.extend(label for label, pattern in _WORD_PATTERNS.get(word, ()) if pattern.search(text))
    return labels


def code_labels(codes: Iterable[Coding]) -> list[str]:
    """Value sets that codes put a record into."""
    labels: list[str] = []
    for item in codes:
        table = _BY_SYSTEM.get(item.system)
        if table is None and item.system.startswith(SNOMED):
            table = _BY_SYSTEM[SNOMED]
        if table is None:
            continue
        label = table.get(item.code)
        if label is None and table is ICD_PREFIXES:
            label = _icd(item.code)
        if label is not None:
            labels.append(label)
    return labels


def _icd(code: str) -> str | None:
    code = code.upper().replace(".", "")
    found = (ICD_PREFIXES.get(code[:length]) for length in range(min(len(code), 6), 0, -1))
    return next((label for label in found if label is not None), None)


def security_labels(resource: Node) -> list[str]:
    """The source's own security codes that mark something as sensitive."""
    labels: list[str] = []
    meta = resource.get("meta")
    if type(meta) is dict and "security" in meta:
        labels.extend(_security(meta["security"]))
    concepts: Any = resource.get("securityLabel")
    for concept in concepts if type(concepts) is list else ():
        if type(concept) is dict:
            labels.extend(_security(concept.get("coding")))
    return labels


def _security(found: Any) -> Iterator[str]:
    for item in found if type(found) is list else (found,):
        if type(item) is not dict:
            continue
        code = item.get("code")
        if not isinstance(code, str) or not code:
            yield "labelled"
        elif code not in ORDINARY:
            yield code
