"""One small program, or more, for each node class of Python's grammar.

Each is a function of `x`, which is 1.5, and of `n`, which is 3.  `# <-` stands on the line that a
refusal must name; what comes after it are words of the message.
"""

# ruff: noqa: E501  # one line is one program

HEAD = """\
import asyncio
import numpy as np

TABLE = {"a": 2.0, "b": 3.0}
WEIGHTS = np.array([0.5, 1.5, -2.0])
COUNT = 2.0


class Box:
    value = 2.0

    def __init__(self, inner=3.0):
        self.inner = inner


BOX = Box()


def helper(x, y=2.0, *, z=1.0):
    return x * y * z


def identity(function):
    return function


"""


def f(body, signature="x, n=3", head="def"):
    """The program whose body this is."""
    lines = "".join(f"    {line}\n" if line else "\n" for line in body.strip("\n").split("\n"))
    return f"{HEAD}{head} f({signature}):\n{lines}"


STATEMENTS = {
    "FunctionDef": (
        f("def square(y):\n    return y * y\nreturn square(x) * x"),
        f("def square(y, k=2.0):\n    return y * y * k * x\nreturn square(x)"),
        f("@identity\ndef square(y):  # <- a decorated nested function\n    return y * y\nreturn square(x)"),
    ),
    "AsyncFunctionDef": (
        f("async def inner(y):  # <- `async`\n    return y\nreturn x * x"),
        f("return x", head="async def").replace("f(x, n=3):", "f(x, n=3):  # <- `async def`"),
    ),
    "ClassDef": (f("class Local:\n    k = 2.0\nreturn x * Local.k"),),
    "Return": (
        f("return x * x"),
        f("return  # <- None"),
        f("if n > 2:\n    return x * x\nreturn x"),
        f("for i in range(n):\n    if i == 1:\n        return x * i  # <- `return`\nreturn x * x"),
    ),
    "Delete": (
        f("y = x * x\nz = y * x\ndel y\nreturn z"),
        f("y = [x, x * x]\ndel y[0]  # <- `del`\nreturn y[0]"),
    ),
    "Assign": (
        f("y = z = x * x\nreturn y * z"),
        f("y, (z, w) = x, (x * x, 3.0)\nreturn y * z * w"),
        f("BOX.value = x  # <- an attribute is assigned to\nreturn BOX.value"),
        f("first, *rest = [x, x * x, x]\nreturn first * rest[0]"),
        f("y = np.zeros(3)\ny[1:] = x\nreturn np.sum(y * y)"),
    ),
    "TypeAlias": (f("type T = float  # <- `type`\nreturn x * x"),),
    "AugAssign": (
        f("y = x\ny += x * x\ny *= y\nreturn y"),
        f("y = np.ones(3) * x\ny[0] *= x  # <- an element is updated\nreturn np.sum(y)"),
        f("BOX.value += x  # <- an attribute is assigned to\nreturn x"),
        f("y = np.eye(2) * x\ny @= y  # <- \nreturn np.sum(y)"),
    ),
    "AnnAssign": (f("y: float = x * x\nz: float\nreturn y"),),
    "For": (
        f("y = x\nfor i in range(n):\n    y = y * x + i\nreturn y"),
        f("y = x\nfor i in range(n):  # <- `else` of a loop\n    y = y * x\nelse:\n    y = y + x\nreturn y"),
        f("y = x\nfor k in iter([1.0, 2.0]):  # <- iterator\n    y = y * k\nreturn y"),
        f("y = x\nfor k in {1.0, 2.0}:  # <- set\n    y = y * k\nreturn y"),
        f("y = x\nfor k in TABLE:\n    y = y * TABLE[k]\nreturn y"),
        f("y = x\nfor k, v in TABLE.items():  # <- a dict\n    y = y * v\nreturn y"),
    ),
    "AsyncFor": (
        f("async for y in x:\n    pass", head="async def").replace("n=3):", "n=3):  # <- `async def`"),
    ),
    "While": (
        f("y = x\nwhile y < 10:  # <- a `while` loop\n    y = y * x\nreturn y"),
        f("y = x\nwhile y < 10:  # <- a `while` loop\n    y = y * x\nelse:\n    y = y + x\nreturn y"),
    ),
    "If": (f("if x > 1:\n    y = x * x\nelif x > 0:\n    y = x\nelse:\n    y = -x\nreturn y"),),
    "With": (
        f("with np.errstate(all='ignore'):\n    y = x * x\nreturn y"),
        f("with np.errstate(all='raise'):  # <- a `with` statement\n    y = x * x\nreturn y"),
        f("with np.printoptions(precision=3):  # <- a `with` statement\n    y = x * x\nreturn y"),
        f("with np.errstate(all='ignore') as e:  # <- a `with` statement\n    y = x * x\nreturn y"),
    ),
    "AsyncWith": (
        f("async with x:\n    pass", head="async def").replace("n=3):", "n=3):  # <- `async def`"),
    ),
    "Raise": (
        f("if n > 5:\n    raise ValueError(f'{n} is too large')\nreturn x * x"),
        f("if n > 5:\n    raise ValueError('too large') from None\nreturn x * x"),
    ),
    "Try": (
        f("try:\n    y = x / (x - 1)\nexcept ZeroDivisionError:\n    y = x\nreturn y"),
        f("try:\n    y = x * x\nfinally:\n    print(end='')\nreturn y"),
    ),
    "TryStar": (
        f("try:  # <- `except*`\n    y = x * x\nexcept* ValueError:\n    y = x\nreturn y"),
    ),
    "Assert": (f("assert x > 0, 'negative'\nreturn x * x"),),
    "Import": (
        f("import math\nreturn math.sin(x)"),
        f("import nowhere  # <- an import\nreturn x"),
    ),
    "ImportFrom": (f("from math import sin\nreturn sin(x)"),),
    "Global": (f("global COUNT  # <- `global`\nCOUNT = COUNT + 1\nreturn x * COUNT"),),
    "Nonlocal": (
        f("y = x\ndef add():\n    nonlocal y\n    y = y + x\nadd()\nreturn y"),
        f("y = x\ndef add(*z):\n    nonlocal y\n    y = x + sum(z)\nadd()\nreturn y"),
    ),
    "Expr": (f("'a docstring'\nn + 1\nprint(end='')\nreturn x * x"),),
    "Pass": (f("pass\nreturn x * x"),),
    "Break": (
        f("y = x\nfor i in range(n):\n    if y > 2:\n        break  # <- `break`\n    y = y * x\nreturn y"),
    ),
    "Continue": (
        f("y = x\nfor i in range(n):\n    if i == 1:\n        continue  # <- `continue`\n    y = y * x\nreturn y"),
    ),
    "Match": (
        f("match n:\n    case 3:\n        y = x * x\n    case _:\n        y = x\nreturn y"),
    ),
}  # fmt: skip

EXPRESSIONS = {
    "BoolOp": (f("y = x and x * x\nreturn y or 1.0"), f("return x * (n > 2 and n < 5)")),
    "NamedExpr": (
        f("return (y := x * x) * y"),
        f("if (y := x * x) > 1:\n    return y\nreturn x"),
        f("y = x\nreturn y * (y := x * x)  # <- `:=`"),
    ),
    "BinOp": (f("return x * x - x / 2 + x**3 - x % 1.0"),),
    "UnaryOp": (f("return -x * +x"),),
    "Lambda": (
        f("g = lambda y: y * y\nreturn g(x) * x"),
        f("return (lambda y: y * x)(x)"),
        f("g = [lambda y: y * y]\nreturn g[0](x)"),
    ),
    "IfExp": (f("return x * x if n > 2 else x"),),
    "Dict": (
        f("d = {'a': x, 'b': x * x}\nreturn d['a'] * d['b']"),
        f("d = {'a': x}\ne = {**d, 'b': x}\nreturn e['a'] * e['b']"),
    ),
    "Set": (f("return sum({x, x * x})  # <- a set"),),
    "ListComp": (
        f("return sum([x**i for i in range(n)])"),
        f("return sum([x**i for i in range(n) if i % 2])"),
        f("return sum([x**i * j for i in range(n) for j in range(2)])"),
    ),
    "SetComp": (f("return sum({x**i for i in range(n)})  # <- `set`"), f("return x * len({i % 2 for i in range(n)})"),),
    "DictComp": (f("d = {i: x**i for i in range(n)}\nreturn d[2]"),),
    "GeneratorExp": (
        f("return sum(x**i for i in range(n))"),
        f("g = (x**i for i in range(n))  # <- a generator\nreturn sum(g)"),
    ),
    "Await": (
        f("return await x", head="async def").replace("n=3):", "n=3):  # <- `async def`"),
    ),
    "Yield": (f("yield x * x  # <- a generator"), f("y = yield x  # <- a generator\nreturn y")),
    "YieldFrom": (f("yield from [x, x * x]  # <- a generator"),),
    "Compare": (f("return x * (0 < n < 5) * (x != 2)"),),
    "Call": (
        f("return helper(x, 3.0, z=x)"),
        f("return helper(*[x, 3.0])"),
        f("return helper(x, **{'z': x})"),
        f("return max(*(x * k for k in range(n)))  # <- a starred argument"),
        f("return [helper][0](x)"),
    ),
    "FormattedValue": (f("print(f'{n:>3}{x!r}', end='')\nreturn x * x"),),
    "JoinedStr": (f("return x * {'k3': 2.0}[f'k{n}']"),),
    "Constant": (f("'text'\nb'bytes'\n1j\n...\nNone\nreturn x * 2 + 0x10 + 1_000.0"),),
    "Attribute": (f("return x * BOX.inner * np.pi * np.ones(3).size"),),
    "Subscript": (f("return x * WEIGHTS[0] + np.sum(x * WEIGHTS[1:][::-1])"),),
    "Starred": (
        f("y = [*[x, x * x], x]\nreturn sum(y)"),
        f("return WEIGHTS[*(0,)] * x  # <- starred"),
    ),
    "Name": (f("return x * COUNT"), f("return x * unknown  # <- `unknown` is not defined")),
    "List": (f("return sum([x, x * x, 2.0])"),),
    "Tuple": (f("y = (x, x * x)\nreturn y[0] * y[1]"),),
    "Slice": (f("y = x * WEIGHTS\nreturn np.sum(y[0:2] * y[::-1][:-1])"),),
    "TemplateStr": (f("t'{x}'  # <- \nreturn x * x"),),
    "Interpolation": (f("t'{x}'  # <- \nreturn x * x"),),
}  # fmt: skip

OPERATORS = {
    "And": (f("return x if n > 2 and n < 5 else x * x"),),
    "Or": (f("return x if n > 5 or n < 2 else x * x"),),
    "Add": (f("return x + x * x"),),
    "Sub": (f("return x - x * x"),),
    "Mult": (f("return x * x * n"),),
    "MatMult": (f("return (x * WEIGHTS) @ WEIGHTS"),),
    "Div": (f("return n / x + x / n"),),
    "Mod": (f("return x % 0.4 * x"),),
    "Pow": (f("return x**n + n**x"),),
    "LShift": (f("return x * (n << 2)"),),
    "RShift": (f("return x * (n >> 1)"),),
    "BitOr": (f("return x * (n | 4)"), f("y = {'a': x} | {'b': x}\nreturn y['a'] * y['b']")),
    "BitXor": (f("return x * (n ^ 1)"),),
    "BitAnd": (f("return x * (n & 1)"),),
    "FloorDiv": (f("return x * (n // 2) + x // 0.4"),),
    "Invert": (f("return x * ~n"),),
    "Not": (f("return x if not n > 5 else x * x"),),
    "UAdd": (f("return +x * x"),),
    "USub": (f("return -x * x"),),
    "Eq": (f("return x if n == 2 else x * x"),),
    "NotEq": (f("return x if n != 3 else x * x"),),
    "Lt": (f("return x if x < 1 else x * x"),),
    "LtE": (f("return x if x <= 1 else x * x"),),
    "Gt": (f("return x if x > 2 else x * x"),),
    "GtE": (f("return x if x >= 2 else x * x"),),
    "Is": (f("return x if n is None else x * x"),),
    "IsNot": (f("return x * x if n is not None else x"),),
    "In": (f("return x if 'a' in TABLE else x * x"),),
    "NotIn": (f("return x if 'c' not in TABLE else x * x"),),
}


def matched(subject, pattern, value):
    head = f"match {subject}:"
    return f(f"y = x\n{head}\n    case {pattern}:\n        y = {value}\nreturn y * x")


PARTS = {
    "comprehension": (f("return sum([x * k for k in WEIGHTS])"),),
    "ExceptHandler": (
        f("try:\n    y = x * x\nexcept (KeyError, OSError) as e:\n    raise\nreturn y"),
    ),
    "arguments": (
        f("return x * k", "x, /, n=3, *, k=2.0"),
        f("return x * len(rest)", "x, n=3, *rest").replace("rest):", "rest):  # <- `*rest`"),
        f("return x * len(more)", "x, n=3, **more").replace("more):", "more):  # <- `**more`"),
    ),
    "arg": (f("return x * n", "x: float, n: int = 3"),),
    "keyword": (f("return helper(y=x, x=x * x)"),),
    "alias": (f("import math as m\nreturn x * m.pi"),),
    "withitem": (
        f("with np.errstate(), np.errstate():  # <- a `with` statement\n    y = x * x\nreturn y"),
    ),
    "match_case": (matched("n", "k if k > 2", "x * k"),),
    "MatchValue": (matched("n", "2", "x"),),
    "MatchSingleton": (matched("n", "None", "x"),),
    "MatchSequence": (matched("(n, x)", "(3, z)", "z"),),
    "MatchMapping": (matched("TABLE", "{'a': k}", "x * k"),),
    "MatchClass": (matched("n", "int()", "x * x"),),
    "MatchStar": (matched("[n, x]", "[3, *z]", "z[0]"),),
    "MatchAs": (matched("x", "z", "z * z"), matched("n", "3 as k", "x * k")),
    "MatchOr": (matched("n", "2 | 3", "x * x"),),
    "TypeVar": (f("return x * x").replace("def f(", "def f[T](").replace("x, n", "x: T, n"),),
    "ParamSpec": (f("return x * x").replace("def f(", "def f[**P]("),),
    "TypeVarTuple": (f("return x * x").replace("def f(", "def f[*Ts]("),),
    "Load": (f("return x"),),
    "Store": (f("y = x * x\nreturn y"),),
    "Del": (f("y = x\ndel y  # <- `del`\nreturn x * x"),),
}  # fmt: skip

PROGRAMS = {**STATEMENTS, **EXPRESSIONS, **OPERATORS, **PARTS}

# what the containers, numbers and arrays of Python and NumPy can do, one program each
OPERATIONS = tuple(
    f(body)
    for body in (
        "y = {'a': x}\ny |= {'b': x*x}\nreturn y['a']*y['b']",
        "y = [x] + [x*x]\nreturn y[0]*y[1]",
        "y = [x, 2.0] * n\nreturn y[0]*y[2]",
        "y = n * [x]\nreturn y[0]*y[2]",
        "y = (x,) + (x*x,)\nreturn y[0]*y[1]",
        "y = [x]\ny += [x*x]\nreturn y[0]*y[1]",
        "y = {'a': x}\nreturn y.get('a')*x",
        "y = {'a': x}\nreturn y.get('c', x)*x",
        "y = {'a': x}.copy()\nreturn y['a']*x",
        "y = {'a': x}\ny.update({'b': x*x})\nreturn y['b']",
        "y = {'a': x}\ny.update(b=x*x)\nreturn y['b']",
        "y = {'a': x}\nz = y.pop('a')\nreturn z*z",
        "y = {'a': x}\nz = y.setdefault('b', x*x)\nreturn z*z",
        "y = dict(a=x, b=x*x)\nreturn y['a']*y['b']",
        "y = dict([('a', x)])\nreturn y['a']*x",
        "y = list({'a': x}.values())\nreturn y[0]*x",
        "y = list({'a': x}.items())\nreturn y[0][1]*x",
        "y = sum({'a': x, 'b': x*x}.values())\nreturn y",
        "y = list([x, x*x])\nreturn y[0]*y[1]",
        "y = tuple([x, x*x])\nreturn y[0]*y[1]",
        "y = list((x, x*x))\nreturn y[0]*y[1]",
        "y = [x, x*x].copy()\nreturn y[0]*y[1]",
        "y = [x]\ny.extend([x*x])\nreturn y[0]*y[1]",
        "y = [x]\ny.insert(0, x*x)\nreturn y[0]*y[1]",
        "y = [x, x*x]\ny.reverse()\nreturn y[0]",
        "y = [x, x*x]\ny.sort()\nreturn y[1]*y[0]",
        "y = sorted([x*x, x])\nreturn y[0]*y[1]*y[1]",
        "y = list(reversed([x*x, x]))\nreturn y[0]",
        "y = max([x, x*x])\nreturn y*x",
        "y = min([x, x*x])\nreturn y*x",
        "y = max(x, x*x, 0.1)\nreturn y*x",
        "y = max([x, -x], key=abs)\nreturn y*x",
        "y = sum([x, x*x], x)\nreturn y",
        "y = list(map(helper, [x, x*x]))\nreturn y[0]*y[1]",
        "y = list(map(lambda v: v*v, [x, x*x]))\nreturn y[0]*y[1]",
        "y = list(filter(None, [x, x*x]))\nreturn y[0]*y[1]",
        "y = list(zip([x], [x*x]))\nreturn y[0][0]*y[0][1]",
        "y = list(enumerate([x, x*x]))\nreturn y[1][1]",
        "y = float(x)\nreturn y*x",
        "y = int(x)\nreturn y*x",
        "y = round(x, 2)\nreturn y*x",
        "y = pow(x, 2)\nreturn y*x",
        "y = complex(x)\nreturn y.real*x",
        "y = complex(x, x)\nreturn abs(y)*x",
        "y = bool(x)\nreturn y*x",
        "y = '{}'.format(x)\nreturn float(y)*x",
        "y = eval('x')\nreturn y*x",
        "y = locals()['x']\nreturn y*x",
        "y = vars()['x']\nreturn y*x",
        "y = np.float64(x)\nreturn y*x",
        "y = np.float64(x).item()\nreturn y*x",
        "y = x.real\nreturn y*x",
        "y = x.conjugate()\nreturn y*x",
        "y = x.__add__(x)\nreturn y*x",
        "y = float.__mul__(x, x)\nreturn y*x",
        "y = x.hex()\nreturn float.fromhex(y)*x",
        "y = x.is_integer()\nreturn y*x",
        "y = x.as_integer_ratio()\nreturn y[0]/y[1]*x",
        "y = (x*WEIGHTS).tolist()\nreturn y[0]*y[1]",
        "y = list(x*WEIGHTS)\nreturn y[0]*y[1]",
        "y = next(iter([x]))\nreturn y*x",
        "y = [v for v in (x, x*x)]\nreturn y[0]*y[1]",
        "y = np.array([x, x*x])\nreturn y[0]*y[1]",
        "y = np.asarray([x, x*x])\nreturn y[0]*y[1]",
        "y = np.array([[x, 1.0],[2.0, x]])\nreturn y[0,0]*y[1,1]",
        "y = np.array(x)\nreturn y*x",
        "y = np.full(3, x)\nreturn np.sum(y)*x",
        "y = np.array({'a': x}['a'])\nreturn y*x",
        "y = getattr(BOX, 'inner')\nreturn y*x",
        "y = isinstance(x, float)\nreturn y*x",
        "y = [x, x*x].index(x)\nreturn y*x + x",
        "y = [x, x*x].count(x)\nreturn y*x",
        "y = len([x, x*x])\nreturn y*x",
        "y = x in [x]\nreturn y*x",
        "y = [x] == [x]\nreturn y*x",
        "y = any([x > 1])\nreturn y*x",
        "y = np.any(WEIGHTS*x > 0)\nreturn y*x",
        "y = (x > 1) | (x < 0)\nreturn y*x",
        "y = (x > 1) & (n > 0)\nreturn y*x",
        "y = ~(x*WEIGHTS > 0)\nreturn np.sum(y*x)",
        "y = x if (lambda v: v > 1)(x) else 0.0\nreturn y*x",
        "y = np.frombuffer(np.float64(x).tobytes())\nreturn y[0]*x",
        "y = (x*WEIGHTS).astype(float)\nreturn np.sum(y*x)",
        "y = (x*WEIGHTS).view()\nreturn np.sum(y*x)",
        "y = (x*WEIGHTS).view(int)\nreturn np.sum(y)*x",
        "y = (x*WEIGHTS).data\nreturn np.asarray(y)[0]*x",
        "y = (x*WEIGHTS).flat\nreturn y[0]*x",
        "y = (x*WEIGHTS).flat[0]\nreturn y*x",
        "y = (x*WEIGHTS).base\nreturn x",
        "y = (x*WEIGHTS).__getitem__(0)\nreturn y*x",
        "y = (x*WEIGHTS).item(0)\nreturn y*x",
        "y = (x*WEIGHTS).take([0, 1])\nreturn np.sum(y*y)",
        "y = x*WEIGHTS\ny.put([0], x)\nreturn np.sum(y*y)",
        "y = x*WEIGHTS\ny.partition(1)\nreturn y[0]*y[1]",
        "y = x*WEIGHTS\ny.setfield(2.0, float)\nreturn np.sum(y*y)",
        "y = x*WEIGHTS\ny.resize(2)\nreturn np.sum(y*y)",
        "y = x*WEIGHTS\nnp.put(y, [0], x)\nreturn np.sum(y*y)",
        "y = x*WEIGHTS\nnp.place(y, y > 0, [x])\nreturn np.sum(y*y)",
        "y = x*WEIGHTS\nnp.putmask(y, y > 0, x)\nreturn np.sum(y*y)",
        "y = x*WEIGHTS\ny[...] = x\nreturn np.sum(y*y)",
        "y = x*WEIGHTS\ny.real = x\nreturn np.sum(y*y)",
        "y = x*WEIGHTS\ny.imag\nreturn np.sum(y*y)",
        "y = x*WEIGHTS\nfor v in np.nditer(y):\n    x = x*v\nreturn x",
        "y = x\nfor v in np.ndindex(2, 2):\n    y = y*x\nreturn y",
        "y = x*WEIGHTS\nfor i, v in np.ndenumerate(y):\n    x = x*v\nreturn x",
        "y = type(x)(x)\nreturn y*x",
        "y = x.__class__(x)\nreturn y*x",
        "y = np.add(x, x, dtype=float)\nreturn y*x",
        "y = np.multiply.reduce(x*WEIGHTS)\nreturn y*x",
        "y = np.add.outer(x*WEIGHTS, WEIGHTS)\nreturn np.sum(y*y)",
        "y = np.add.accumulate(x*WEIGHTS)\nreturn np.sum(y*y)",
        "y = [[x, 1.0]][0][0]\nreturn y*x",
        "y = ([x] or [1.0])[0]\nreturn y*x",
        "y = ([] or [x])[0]\nreturn y*x",
        "y = {'k': [x]}\ny['k'].append(x*x)\nreturn y['k'][1]*y['k'][0]",
        "y = {'k': [x]}\nz = y['k']\nz[0] = x*x\nreturn y['k'][0]",
        "y = [[x]]\nz = [*y]\nreturn z[0][0]*x",
        "y = Box(x)\nreturn y.inner*x",
        "y = helper\nreturn y(x)*x",
        "y = sum([[x], [x*x]], [])\nreturn y[0]*y[1]",
        "y = np.sum([x, x*x])\nreturn y*x",
        "y = [x, x*x][n > 2]\nreturn y*x",
        "y = [x, x*x][-1:]\nreturn y[0]*x",
        "y = [x, x*x][::-1]\nreturn y[0]",
        "y = [x, x*x, x]\ndel y[0]\nreturn y[0]",
        "y = [x, x*x]\ny[0], y[1] = y[1], y[0]\nreturn y[0]",
        "y = [x, x*x]\ny[:] = [x*x*x, x]\nreturn y[0]",
        "y = [x, x*x]\ny[0] += x\nreturn y[0]*y[1]",
        "y = memoryview(x*WEIGHTS)\nreturn y[0]*x",
        "y = id(x) > 0\nreturn y*x",
        "y = x.__float__()\nreturn y*x",
        "y = abs(-x)\nreturn y*x",
        "y = -[x, 1.0][0]\nreturn y*x",
        "y = np.where(x > 1, x, 0.0)\nreturn y*x",
        "y = x; z = y; z += x\nreturn y*z",
        "y = globals()['COUNT']\nreturn y*x",
        "y = TABLE.copy()\ny['a'] = x\nreturn y['a']*x",
        "y = WEIGHTS\ny = y * x\nreturn np.sum(y*y)",
        "y = sum(x * w for w in WEIGHTS)\nreturn y",
        "y = ''.join(['a'])\nreturn x if y == 'a' else x*x",
    )
)
