"""Sentences as models write them, with places for what a message says.

`r` is a reading, `p` an earlier one of the same thing, `s` and `t` readings of other things; `k` is a
change, `n` a count, `m` a medicine, `o` another one, `e` and `f` something that was done or noted. After the
dot stands what is told of it: `q` the number with its unit, `v` the number alone, `u` the unit alone, `d`,
`my` and `y` the day, month and year, `x` the thing (`X` where it opens the sentence), `lo` and `hi` the ends
of the source's range.
"""

ONE = (
    "Your latest {r.x} was {r.q} on {r.d}.",
    "Your most recent {r.x} result, from {r.d}, was {r.q}.",
    "On {r.d}, your {r.x} was {r.q}.",
    "According to your records, your {r.x} was {r.q} on {r.d}.",
    "{r.X}: {r.q} ({r.d}).",
    "The {r.x} value that I can see is {r.q}, measured on {r.d}.",
    "It was {r.q} on {r.d} ({r.x}).",
    "{r.q} – that is your {r.x} of {r.d}.",
    "Your records show {r.q} for {r.x}, dated {r.d}.",
    "In {r.my}, your {r.x} came back at {r.q}.",
    "Your {r.x} in {r.y} was {r.q}.",
    "Your {r.x} was {r.q}.",
    "The record from {r.d} lists {r.x} as {r.q}.",
    "As of {r.d}, {r.x} stood at {r.q}.",
    "Here is what I found: {r.x} {r.q}, {r.d}.",
    "The answer is {r.q}, from {r.d}.",
)
RANGED = (
    "Your {r.x} was {r.q} on {r.d}; the lab's range is {r.lo} to {r.hi}{r.u}.",
    "The lab gives {r.lo}–{r.hi}{r.u} as its range, and your {r.x} on {r.d} was {r.q}.",
    "On {r.d} your {r.x} was {r.q} (reference range {r.lo}-{r.hi}{r.u}).",
    "{r.X} was {r.q} in {r.my}, where the source's own range is {r.lo} to {r.hi}{r.u}.",
    "{r.X} on {r.d}: {r.q}, range {r.lo} to {r.hi}, flagged as {r.flag}.",
    "With {r.q} on {r.d}, the lab calls your {r.x} {r.flag} (its range: {r.lo} to {r.hi}{r.u}).",
)
UNDER = (
    "Your {r.x} was {r.q} on {r.d}; the lab's range is below {r.hi}{r.u}.",
    "On {r.d} your {r.x} was {r.q} (range <{r.hi}{r.u}).",
    "The lab wants {r.x} under {r.hi}{r.u}, and on {r.d} it was {r.q}.",
    "{r.X} came to {r.q} on {r.d}, against a lab range of less than {r.hi}{r.u}.",
)
OVER = (
    "Your {r.x} was {r.q} on {r.d}; the lab's range starts at {r.lo}{r.u}.",
    "On {r.d} your {r.x} was {r.q}, and the lab's range is {r.lo}{r.u} or higher.",
    "{r.X} was {r.q} in {r.my} (range: from {r.lo}{r.u}).",
)
FLAGGED = (
    "The lab marked your {r.x} of {r.q} on {r.d} as {r.flag}.",
    "Your {r.x} was {r.q} on {r.d}, which is {r.flag}, says the source.",
    "On {r.d}, {r.x} was {r.q} and is marked {r.flag}.",
    "{r.X} ({r.q}, {r.d}) is {r.flag} according to the source.",
)
EARLIER = (
    "Your {r.x} was {r.q} on {r.d} and {p.q} on {p.d}.",
    "Your {r.x} went from {p.q} on {p.d} to {r.q} on {r.d}.",
    "On {p.d} your {r.x} was {p.q}; on {r.d} it was {r.q}.",
    "It was {p.q} in {p.my} and {r.q} in {r.my}.",
    "In {p.y} one of your {r.x} values was {p.q}, and in {r.y} one was {r.q}.",
    "Compared with {p.q} on {p.d}, your {r.x} was {r.q} on {r.d}.",
    "{r.X}: {r.q} ({r.d}), before that {p.q} ({p.d}).",
    "The {r.x} of {r.d} is {r.q}, while the one of {p.d} is {p.q}.",
    "Your records hold {r.x} values of {r.q} ({r.d}) and {p.q} ({p.d}).",
    "From {p.d} to {r.d}, your {r.x} moved from {p.q} to {r.q}.",
)
BESIDE = (
    "Your {r.x} was {r.q} and your {s.x} was {s.q} on {r.d}.",
    "On {r.d}, your {r.x} was {r.q} and your {s.x} {s.q}.",
    "{r.X} was {r.q}; {s.x} was {s.q} ({r.d}).",
    "Your tests of {r.d} gave {r.q} for {r.x} and {s.q} for {s.x}.",
    "In {r.my} your {r.x} was {r.q}, while your {s.x} was {s.q}.",
    "The lab results of {r.d} include: {r.x} {r.q}, {s.x} {s.q}.",
)
THREE = (
    "On {r.d} your {r.x} was {r.q}, your {s.x} {s.q} and your {t.x} {t.q}.",
    "Results of {r.d}: {r.x} {r.q}; {s.x} {s.q}; {t.x} {t.q}.",
    "Your {r.x} ({r.q}), {s.x} ({s.q}) and {t.x} ({t.q}) are all from {r.d}.",
)
APART = (
    "Your {r.x} was {r.q} on {r.d}, and your {s.x} was {s.q} on {s.d}.",
    "{r.X} was {r.q} ({r.d}), and {s.x} was {s.q} ({s.d}).",
)
PRESSURE = (
    "Your blood pressure was {r.top} over {r.low}{r.u} on {r.d}.",
    "On {r.d} your systolic blood pressure was {r.top}{r.u} and your diastolic blood pressure {r.low}{r.u}.",
    "Blood pressure of {r.d}: {r.q} (upper {r.top}, lower {r.low}).",
)
CHANGE = (
    "Your {k.x} is {k.way} {k.by}: from {p.q} on {p.d} to {r.q} on {r.d}.",
    "{k.X} went {k.way} by {k.by}, from {p.q} ({p.d}) to {r.q} ({r.d}).",
    "Between {p.d} and {r.d} your {k.x} went {k.way} {k.by}, to {r.q}.",
    "Since {p.d}, your {k.x} has gone {k.way} {k.by} and was last {r.q} on {r.d}.",
    "It is {k.way} {k.by} since {p.my}: {p.q} then, {r.q} in {r.my}.",
    "The change in your {k.x} is {k.by} {k.way}wards, {p.q} on {p.d} against {r.q} on {r.d}.",
    "{k.Way} {k.by} since {p.y}; the last value is {r.q} from {r.d}.",
)
CHANGE_COUNTED = (
    "Over {k.n} values, your {k.x} went {k.way} {k.by}, from {p.q} on {p.d} to {r.q} on {r.d}.",
    "Your {k.x} is {k.way} {k.by} ({k.n} values, {p.d} to {r.d}).",
    "I see {k.n} {k.x} values; the change from {p.q} ({p.d}) to {r.q} ({r.d}) is {k.way} {k.by}.",
)
COUNT = (
    "Your records show {n.n} {n.what}.",
    "You had {n.n} {n.what}, the first on {n.first} and the last on {n.last}.",
    "I count {n.n} {n.what} in what I was shown, from {n.first} to {n.last}.",
    "There are {n.n} {n.what} in your records; the last one was on {n.last}.",
    "{n.N} {n.what}: the first on {n.first}, the last on {n.last}.",
)
COUNT_YEAR = (
    "You had {n.n} {n.what} in {n.y}.",
    "In {n.y}, your records list {n.n} {n.what}, on {n.first} and {n.last}.",
    "For {n.y} I see {n.n} {n.what}; the first was on {n.first}.",
)
MEDICINE = (
    "Your records list {m.x} {m.q}, since {m.d}.",
    "{m.X} {m.q} was prescribed on {m.d}.",
    "{m.X} {m.q} has been in your records since {m.my}.",
    "The record of {m.d} is for {m.x} {m.q}.",
    "{m.X}: {m.q}, recorded on {m.d}.",
    "Your list has {m.x} at a strength of {m.q} (from {m.d}).",
    "The {m.x} in your records is {m.q}.",
    "In {m.y} your records begin to list {m.x} {m.q}.",
)
MEDICINE_WHY = (
    "Your records say that {m.x} {m.q} is for {m.for}.",
    "{m.X} {m.q} is listed for {m.for}, since {m.d}.",
    "{m.X} {m.q} was ordered on {m.d} by {m.by}.",
    "The reason given for {m.x} is {m.for}; the record is from {m.d}.",
)
MEDICINE_DOSE = (
    '{m.X} {m.q}: "{m.dose}".',
    'The record of {m.d} for {m.x} says "{m.dose}".',
    "For {m.x} {m.q}, your record gives this dose: {m.dose}.",
)
STOPPED = (
    "{m.X} {m.q} is marked as stopped; the record is from {m.d}.",
    "You were prescribed {m.x} {m.q} on {m.d}, and your records say it was stopped.",
    "Your records list {m.x} {m.q} ({m.d}) as stopped.",
)
MEDICINES = (
    "Your records list {m.x} {m.q} and {o.x} {o.q}.",
    "{m.X} {m.q} dates from {m.d}, {o.x} {o.q} from {o.d}.",
    "Among the medicines named are {m.x} ({m.q}, since {m.d}) and {o.x} ({o.q}, since {o.d}).",
)
DONE = (
    "Your records show {e.x} on {e.d}.",
    "{e.X} is in your records, dated {e.d}.",
    "The record for {e.x} is from {e.d}.",
    "{e.X}: {e.d}.",
    "On {e.d}, your records note {e.x}.",
    "There is an entry for {e.x} in {e.my}.",
    "I see {e.x} in {e.y}.",
    "The last entry for {e.x} that answers this is from {e.d}.",
)
DONE_TWICE = (
    "{e.X} is from {e.d}, and {f.x} is from {f.d}.",
    "Your records show {e.x} on {e.d} and {f.x} on {f.d}.",
    "First came {f.x} on {f.d}, then {e.x} on {e.d}.",
)
UNCONFIRMED = (
    "Your records list {e.x} in {e.y}, not confirmed.",
    "{e.X} ({e.y}) is in your records, but not confirmed.",
    "It is not confirmed: {e.x}, noted in {e.y}.",
)
