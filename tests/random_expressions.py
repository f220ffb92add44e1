"""Random expressions of a given kind, made of the names that are bound.

Kinds: `f` a real number, `i` an integer, `k` an integer between 0 and 2, `b` a test, `v` an array
of shape (3,), `u` of shape (2,), `m` of shape (3, 3), `c` of shape (3, 1), `w` of shape (1,), `o`
of shape (0,), `s` of shape (), `n` three integers between 0 and 2, `L` a list of numbers, `V` a
list of arrays of shape (3,), `D` a dict with a number "b", an array "w" and a list "l", `P` a dict
of numbers "a" and "b", `K` one of its keys, `T` a tuple of a number and an array.
"""

import ast
import re
from dataclasses import dataclass, field

GLOBALS = ("FACTOR", "TABLE")
NUMBERS = ("0.5", "1.5", "-0.7", "2.0", "0.3")

# In a form, <v> is an expression of kind `v`, <v!> a name of that kind (an expression if there is
# none), <#> a number, <k> an index, <?> a test, <+-> one of these operators, <a|b> one of these
# texts.  An expression of a kind is made by one of the forms of that kind or of "any".
FORMS = {
    "any": (
        *["(<.> <+-*> <.>)"] * 6,
        "(<.> <+-*> <f>)",
        "(<f> <+-*> <.>)",
        "<.> / (1.5 + np.square(<.>))",
        *["<np.sin|np.cos|np.tanh|np.arctan|0.5 * |-|np.square|np.abs|1 + >(<.>)"] * 4,
        "(<.> if <?> else <.>)",
        "np.maximum(<.>, <0.0|0.25>)",
        "np.maximum(<.>, <.>)",
    ),
    "f": (
        "np.sum(<v>)", "(<v>).sum()", "np.mean(<v>)", "np.max(<v>)", "(<v>) @ (<v>)",
        "np.dot(<v>, <v>)", *["<v!>[<k>]"] * 3, "<m!>[<k>, <k>]", "np.sum(<u!> ** 2)",
        "math.sin(<f>)", "max(<f>, <f>)", "(<?> and <f> or <f>)", "np.sum(<c> * <v>)",
        "np.sum(<o>)", "(<s> <+-*> <f>)", "<w!>[0]", "np.prod(<v>)", "<v!>[<n!>[<k>]]",
        "sum([<f> for <new> in <v!>])", "float(<f>)", "np.mean(<m> * <c>)",
    ),
    "v": (
        "(<m>) @ (<v>)", "(<v>) @ (<m>)", "np.dot(<m>, <v>)", "<m!>[<k>]", "<m!>[:, <k>]",
        "np.sum(<m>, axis=<0|1>)", "(<m>).mean(axis=0)", "<v!>[::-1]", "<v!>[[2, 0, 0]]",
        "np.where(<v!> > <#>, <v>, <v>)", "np.concatenate((<v!>[1:], <v!>[:1]))",
        "np.array([<f>, <f>, <f>])", "<v!>.copy()", "np.zeros_like(<v!>)", "(<v> <+-*> <w>)",
        "(<w> <+-*> <v>)", "<v!>[<n!>]", "(<n!> * <f>)", "np.cumsum(<v>)", "(<c>).ravel()",
        "np.concatenate((<o>, <v>))", "np.clip(<v>, -1.0, 1.5)", "(<s> <+-*> <v>)",
    ),
    "u": ("<v!>[<1:|:2|::2>]", "<m!>[<k>, 1:]", "np.array([<f>, <f>])"),
    "m": (
        "np.outer(<v>, <v>)", "(<m>) @ (<m>)", "(<m> + <v>)", "<v!>[:, None] * <v>", "<m!>.T",
        "np.stack((<v>, <v>, <v>))", "(<m>).reshape(9).reshape(3, 3)", "(<c> <+-*> <v>)",
        "(<m> <+-*> <c>)", "(<w> * <m>)", "<m!>[<n!>]", "np.swapaxes(<m>, 0, 1)",
    ),
    "c": (
        "<v!>[:, None]", "(<v>).reshape(3, 1)", "<m!>[:, :1]", "np.sum(<m>, axis=1, keepdims=True)",
    ),
    "w": ("<v!>[:1]", "np.array([<f>])", "<v!>[<k>:][:1]", "np.sum(<v>, keepdims=True)"),
    "o": ("<v!>[3:]", "<o!> * <f>", "<m!>[0, 3:]"),
    "s": ("np.array(<f>)", "np.asarray(<f>)"),
    "?": (
        *["<f> > <#>", "<f> < <f>", "np.sum(<v!>) > <#>"] * 3,
        "not <f> > <#>", "(<f> > <#> <and|or> <f> < <#>)",
    ),
}  # fmt: skip

# How an expression of a kind is taken from a name of another kind.
TAKEN = {
    "f": (("D", "{}['b']"), ("D", "{}['l'][<k>]"), ("T", "{}[0]"), ("L", "sum({})"),
          ("i", "({} * 0.25)"), ("k", "({} * 0.25)"), ("P", "{}['<a|b>']"), ("P", "{}[<K>]"),
          ("P", "sum([{0}[key] * <f> for key in {0}])")),
    "v": (("D", "{}['w']"), ("T", "{}[1]")),
    "?": (("b", "{}"), ("b", "{}"), ("b", "not {}"), ("k", "{}"), ("k", "{} > 0"), ("i", "{} > 1"),
          ("L", "{}")),
}  # fmt: skip

# The shortest expression of a kind: from a name of another kind, or the last one.
SHORT = {
    "f": (("v", "{}[1]"), ("D", "{}['b']"), ("T", "{}[0]"), ("", "<#>")),
    "v": (("f", "(TABLE * {})"), ("m", "{}[0]"), ("D", "{}['w']"), ("", "np.arange(3.0)")),
    "c": (("v", "{}[:, None]"), ("", "np.ones((3, 1))")),
    "w": (("v", "{}[:1]"), ("", "np.ones(1)")),
    "o": (("v", "{}[3:]"), ("", "np.zeros(0)")),
    "s": (("f", "np.array({})"), ("", "np.array(<#>)")),
    "n": (("", "np.array([2, 0, 2])"),),
    "K": (("", "'a'"), ("", "'b'")),
    "P": (("f", "{{'a': {}, 'b': 0.5}}"), ("", "{'a': 0.5, 'b': 1.5}")),
    "u": (("v", "{}[1:]"), ("f", "np.array([{}, 0.5])"), ("", "np.ones(2)")),
    "m": (("v", "np.outer({}, TABLE)"), ("f", "({} * np.eye(3))"), ("", "np.ones((3, 3))")),
    "D": (("", "dict(b=0.5, w=np.ones(3), l=[1.0, 2.0, 3.0])"),),
}


# What a loop runs over, the kinds of its targets, and whether it surely runs.
HEADS = (
    ("range(3)", "k", True),
    ("range(<0|1, 1|2, 0|0, 3, -1>)", "i", False),
    ("range(<k>)", "k", False),
    ("range(<n!>[<k>])", "k", False),
    ("range(<1, 5, 2|4, -2, -2|5|-2, 1>)", "i", True),
    ("reversed(range(<3|1, 3|2, -1, -1>))", "k", True),
    ("<v!>", "f", True),
    ("<m!>", "v", True),
    ("reversed(<v!>)", "f", True),
    ("enumerate(<v!>)", "kf", True),
    ("zip(<v!>, <u!>)", "ff", True),
    ("zip(<m!>, <v!>)", "vf", True),
    ("<o!>", "f", False),
    ("<c!>", "w", True),
    ("<n!>", "k", True),
    ("<P!>", "K", True),
    ("<P!>.values()", "f", True),
    ("<P!>.items()", "Kf", True),
    ("[<f>, <f>]", "f", True),
)
HEADS_OF_LISTS = (
    ("LIST", "e", False),
    ("LIST", "e", False),
    ("reversed(LIST)", "e", False),
    ("enumerate(LIST)", "ie", False),
    ("zip(LIST, <v!>)", "ef", False),
)


@dataclass(frozen=True)
class Helper:
    """A function that has been written: its parameters' kinds, and those of its results."""

    name: str
    takes: tuple[str, ...]
    gives: tuple[str, ...]
    defaults: int = 0

    def parameters(self):
        return [f"{letter}{self.name[-1]}" for letter in "xuv"[: len(self.takes)]]


@dataclass
class Scope:
    """What is bound at a point of the program."""

    kinds: dict[str, str] = field(default_factory=dict)
    owned: set[str] = field(default_factory=set)  # arrays and lists that nothing else sees
    lengths: dict[str, int] = field(default_factory=dict)  # a lower bound, of lists
    fixed: set[str] = field(default_factory=set)  # names that the loop around relies on

    def copy(self):
        return Scope(dict(self.kinds), set(self.owned), dict(self.lengths), set(self.fixed))

    def of(self, *kinds):
        """The names of these kinds, but for globals."""
        return [n for n, kind in self.kinds.items() if kind in kinds and n not in GLOBALS]

    def length(self, name):
        return self.lengths.get(name, 0)

    def bind(self, name, kind, owned=False, length=0):
        self.kinds[name] = kind
        self.owned.discard(name)
        if owned:
            self.owned.add(name)
        self.lengths[name] = length

    def meet(self, *others):
        """Keep what all of the others bind alike."""
        self.kinds = {
            n: k for n, k in self.kinds.items() if all(o.kinds.get(n) == k for o in others)
        }
        for other in others:
            self.owned &= other.owned
        for n in self.kinds:
            self.lengths[n] = min(o.lengths.get(n, 0) for o in (self, *others))


class Expressions:
    """Writes expressions from what its scope binds, and the functions that there are."""

    def __init__(self, rng):
        self.rng = rng
        self.scope = Scope()
        self.helpers = []
        self.functions = {}  # the names of nested functions, and the kind that each maps to itself

    def expression(self, kind, depth):
        if kind in "LV":
            return self.made(f"[<{'fv'['LV'.index(kind)]}>, <{'fv'['LV'.index(kind)]}>]", kind, 1)
        if kind == "k":
            return self.index()
        names = self.scope.of(kind)
        if kind in "DPKn":
            return self.rng.choice(names) if names else self.short(kind)
        if self.rng.random() < 0.05 and kind in "fv":
            return GLOBALS["fv".index(kind)]
        if depth <= 0 or (names and self.rng.random() < 0.25):
            return self.rng.choice(names) if names else self.short(kind)
        return self.rng.choice(self.options(kind, depth))()

    def options(self, kind, depth):
        """The ways to write an expression of a kind, each a function of nothing."""
        forms = [*FORMS["any"], *FORMS[kind], *FORMS[kind], *self.taken(kind)]
        if kind in "fv":
            forms += [
                f"{n}[<0|-1>]"
                for n in self.scope.of("LV"["fv".index(kind)])
                if self.scope.length(n)
            ]
        forms += [f"{n}(<{k}>)" for n, k in self.functions.items() if k == kind]
        options = [lambda form=form: self.made(form, kind, depth - 1) for form in forms]
        return options + [
            lambda h=h: self.helper_call(h) for h in self.helpers if h.gives == (kind,)
        ]

    def taken(self, kind):
        return [
            form.format(name)
            for other, form in TAKEN.get(kind, ())
            for name in self.scope.of(other)
        ]

    def made(self, form, kind, depth):
        """A form with its gaps filled."""
        return re.sub("<([^<> ][^<>]*)>", lambda gap: self.gap(gap[1], kind, depth), form)

    def gap(self, gap, kind, depth):
        if gap == "k":
            return self.index()
        if gap == "new":  # the variable of a comprehension, which may hide another name
            names = self.scope.of("f", "v", "k")
            return self.rng.choice(names) if names and self.rng.random() < 0.5 else "j"
        if gap == "#":
            return self.rng.choice(NUMBERS)
        if gap == "?":
            return self.test()
        if gap == ".":
            return self.expression(kind, depth)
        if gap in SHORT:
            return self.expression(gap, depth)
        if gap[1:] == "!":
            names = self.scope.of(gap[0])
            return self.rng.choice(names) if names else self.short(gap[0])
        return self.rng.choice(gap.split("|") if "|" in gap else gap)

    def index(self):
        names = self.scope.of("k")
        use = names and self.rng.random() < 0.7
        return self.rng.choice(names) if use else self.rng.choice("012")

    def test(self):
        taken = self.taken("?")
        forms = taken if taken and self.rng.random() < 0.2 else [*FORMS["?"], *taken]
        return self.made(self.rng.choice(forms), "?", 1)

    def short(self, kind):
        """The shortest expression of a kind, from a name of another kind if there is one."""
        able = [(form, names) for other, form in SHORT[kind] if (names := self.scope.of(other))]
        if not able:
            return self.made(SHORT[kind][-1][1], kind, 0)
        form, names = self.rng.choice(able)
        return form.format(self.rng.choice(names))

    def helper_call(self, helper):
        arguments = []
        for i, kind in enumerate(helper.takes):
            optional = i >= len(helper.takes) - helper.defaults
            if optional and self.rng.random() < 0.4:
                continue
            names = self.scope.of(kind)
            value = self.rng.choice(names) if names else self.expression(kind, 1)
            again = [a for a, k in zip(arguments, helper.takes, strict=False) if k == kind]
            if again and self.rng.random() < 0.4:
                value = re.sub(r"^[a-z]\d=", "", again[-1])
            named = f"{helper.parameters()[i]}=" if optional or self.rng.random() < 0.15 else ""
            arguments.append(named + value)
        words = [a for a in arguments if re.match(r"[a-z]\d=", a)]
        first = next((i for i, a in enumerate(arguments) if a in words), len(arguments))
        for i in range(first, len(arguments)):  # behind a keyword, keywords; their order is free
            if arguments[i] not in words:
                arguments[i] = f"{helper.parameters()[i]}={arguments[i]}"
        rest = arguments[first:]
        self.rng.shuffle(rest)
        return f"{helper.name}({', '.join(arguments[:first] + rest)})"


def fresh(value):
    """Does the text of an expression surely make a new array?"""
    node = ast.parse(value, mode="eval").body
    if isinstance(node, ast.BinOp | ast.UnaryOp):
        return True
    if not isinstance(node, ast.Call):
        return False
    called = ast.unparse(node.func)
    made = (
        "np.sin",
        "np.cos",
        "np.tanh",
        "np.arctan",
        "np.zeros",
        "np.outer",
        "np.stack",
        "np.square",
    )
    return called.startswith(made) or called.endswith(".copy")
