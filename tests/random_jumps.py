"""The jumps of random programs: `while`, `break`, `continue`, `return`, the `else` of loops."""


class Jumps:
    """Mixed into the writer of `random_writer`, whose scopes and blocks it uses.

    `ends` are the scopes at the jumps of the innermost loop; what is bound behind the loop must be
    bound at all of them.
    """

    ends: list

    def jump(self):
        """`if test: …; break`, or another jump; some with an `else`, some under a second test."""
        test = self.test()
        outer, self.scope = self.scope, self.scope.copy()
        self.nesting += 1
        body = self.block(self.rng.choice((0, 0, 1)))
        body = [line for line in body if line != "pass"]
        word = self.rng.choice(("break", "break", "continue", "continue", "return"))
        jump = [self.ending() if word == "return" else word]
        if self.rng.random() < 0.25:
            jump = [f"if {self.test()}:", "    " + jump[0]]
        self.nesting -= 1
        self.ends.append(self.scope)
        self.scope = outer
        lines = [f"if {test}:", *("    " + line for line in [*body, *jump])]
        if self.rng.random() < 0.2:
            other, end = self.nested(1)
            lines += ["else:", *("    " + line for line in other)]
            self.scope.meet(end)
        return lines

    def while_(self):
        """A loop that a counter ends, if nothing else does."""
        counter = f"step{len(self.scope.kinds)}_{self.loops}_{len(self.ends)}"
        self.scope.bind(counter, "i")
        before, self.scope = self.scope, self.scope.copy()
        self.scope.fixed = {*before.fixed, counter}
        most = self.rng.choice((0, 2, 3, 3))
        form = self.rng.choice(("{c}", "{c}", "{t} and {c}", "{c} and {t}", "True"))
        test = form.format(c=f"{counter} < {most}", t=self.test())
        start = [f"{counter} += 1"]
        if form == "True":
            start += [f"if {counter} > {most}:", "    break"]
        body, ends = self.body_of_loop(self.rng.choice((1, 2, 3)))
        after, self.scope = self.scope, before
        self.scope.meet(after, *ends)
        lines = [f"{counter} = 0", f"while {test}:"]
        lines += ["    " + line for line in [*start, *body]]
        return [*lines, *self.otherwise()]

    def body_of_loop(self, size):
        """The lines of a loop's body, and the scopes at its jumps."""
        outer, self.ends = self.ends, []
        self.loops += 1
        body = self.block(size)
        self.loops -= 1
        ends, self.ends = self.ends, outer
        return body, ends

    def otherwise(self):
        """Sometimes the `else` of a loop."""
        if self.rng.random() > 0.2:
            return []
        body, end = self.nested(1)
        self.scope.meet(end)
        return ["else:", *("    " + line for line in body)]
