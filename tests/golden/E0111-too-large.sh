# More than 256 MiB of a plan.
yes '# a comment that says nothing and goes on and on, to the end of its line' | head -c 270000000
