"""Every word that the PDF adds to the book's own text, in Norwegian Bokmål: the place to translate it."""

from __future__ import annotations

# Cover and contents, by the names under which template.typ asks for them.
TEMPLATE = {"contents": "Innhold", "edition": "Utgave"}
DATE = "d. MMMM y"
LANGUAGE, REGION = "nb", "NO"
# The last of several authors follows this word in Sphinx's `author`.
AND = "og"

# Formulas read aloud. Operators stand between what they join; a symbol that is missing here stops the build.
OPERATORS = {
    "+": "pluss",
    "−": "minus",
    "-": "minus",
    "±": "pluss minus",
    "∓": "minus pluss",
    "·": "ganger",
    "⋅": "ganger",
    "×": "ganger",
    "∗": "stjerne",
    "*": "stjerne",
    "/": "delt på",
    "÷": "delt på",
    "=": "er lik",
    "≠": "er ikke lik",
    "≈": "er omtrent lik",
    "∼": "er fordelt som",
    "≡": "er identisk med",
    "∝": "er proporsjonal med",
    "<": "er mindre enn",
    ">": "er større enn",
    "≤": "er mindre enn eller lik",
    "≥": "er større enn eller lik",
    "≪": "er mye mindre enn",
    "≫": "er mye større enn",
    "∈": "er element i",
    "∉": "er ikke element i",
    "⊂": "er en delmengde av",
    "⊆": "er en delmengde av eller lik",
    "∪": "union",
    "∩": "snitt",
    "∖": "uten",
    "∅": "den tomme mengden",
    "∧": "og",
    "∨": "eller",
    "¬": "ikke",
    "∀": "for alle",
    "∃": "det finnes",
    "→": "går mot",
    "⇒": "medfører",
    "⇔": "er ensbetydende med",
    "∂": "den partiellderiverte",
    "∑": "summen",
    "∏": "produktet",
    "∫": "integralet",
    "∞": "uendelig",
    "!": "fakultet",
    "%": "prosent",
    "(": "parentes",
    ")": "parentes slutt",
    "[": "hakeparentes",
    "]": "hakeparentes slutt",
    "{": "krøllparentes",
    "}": "krøllparentes slutt",
    "⟨": "vinkelparentes",
    "⟩": "vinkelparentes slutt",
    "⌊": "rundet ned",
    "⌋": "rundet ned slutt",
    "⌈": "rundet opp",
    "⌉": "rundet opp slutt",
    "|": "loddrett strek",
    "∣": "gitt",
    "‖": "dobbel strek",
    "∥": "dobbel strek",
    ",": "komma",
    ";": "semikolon",
    ":": "kolon",
    ".": "punktum",
    "…": "og så videre",
    "⋯": "og så videre",
    "′": "merket",
}
LETTERS = {
    "α": "alfa",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "ε": "epsilon",
    "ϵ": "epsilon",
    "ζ": "zeta",
    "η": "eta",
    "θ": "theta",
    "ι": "iota",
    "κ": "kappa",
    "λ": "lambda",
    "μ": "my",
    "ν": "ny",
    "ξ": "ksi",
    "π": "pi",
    "ρ": "rho",
    "σ": "sigma",
    "τ": "tau",
    "φ": "fi",
    "ϕ": "fi",
    "χ": "khi",
    "ψ": "psi",
    "ω": "omega",
    "Γ": "stor gamma",
    "Δ": "stor delta",
    "Θ": "stor theta",
    "Λ": "stor lambda",
    "Π": "stor pi",
    "Σ": "stor sigma",
    "Φ": "stor fi",
    "Ψ": "stor psi",
    "Ω": "stor omega",
}
ACCENTS = {
    "hat": "hatt",
    "tilde": "tilde",
    "macron": "strek",
    "overline": "strek over",
    "underline": "strek under",
    "dot": "prikk",
    "arrow": "vektor",
}
POWERS = {"2": "i andre", "3": "i tredje"}
FRACTION = "{above} delt på {below}"
LONG_FRACTION = "brøk med teller {above} og nevner {below}, brøk slutt"
CHOICE = "{above} over {below}"
ROOT = "kvadratroten av {body}"
LONG_ROOT = "kvadratroten av {body}, rot slutt"
NTH_ROOT = "{degree}. rot av {body}, rot slutt"
POWER = "{base} opphøyd i {power}"
INDEX = "{base} indeks {index}"
FROM = "{base} fra {below}"
FROM_TO = "{base} fra {below} til {above} av"
ABOVE = "{base} med {above} over"
BELOW = "{base} med {below} under"
ROW = "rad {number}: {cells}"
