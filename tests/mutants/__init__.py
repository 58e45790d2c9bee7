"""Small wrong changes to the code, of which each must fail a test: code mutants.

`python -m tests.mutants` tries all of HELD, `--sample N --seed N` some of them. mutmut was tried first. Of its 20,760
mutants of this code three quarters change the words of a message or take an argument away, which it cannot be told to
leave; it passes over every decorated function; and it copies the tree and collects the tests anew for each mutant. So
the changes are made here: no words, every function, in memory, with the tests collected once.
"""
