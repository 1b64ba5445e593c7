# What one can type:
#   make            build orchc, orch and orch-node into build/
#   make demo       build, then watch the whole way on a small repository (under two minutes)
#   make test       build and run every test, with and without sanitizers
#   make SWEEP      one of the long tests of tests/sweeps (their first lines say what and how long); `make test` has
#                   a short form of each
#   make clients    run plans with the real Claude Code, Codex, opencode and Gemini CLI, from npm, without a model
#   make editors    try highlighting and packages in Vim, Neovim, Emacs and what VS Code is made of
#   make vsix       the extension for VS Code, in build/ (with node and npm)
#   make fuzz       build the fuzzers of fuzz/ into build/fuzz (needs clang), and seeds for them
#   make bench      measure reading, proof and schedule against their peers
#   make docs       write docs/diagnostics.md, every message and what to do about it
#   make deps       install from Debian what is missing (said first, asked through sudo)
#   make install    programs, manual pages, completions and docs below PREFIX (/usr/local); DESTDIR stands before it
#   make uninstall  takes the same files away
#   make deb        a Debian package of the same, in build/
#   make clean
# V=1 shows every command. SAN=1 builds with AddressSanitizer and UndefinedBehaviorSanitizer, into build/san.

LAYERS  = common grammar compiler lsp schedule runtime
PROGRAMS = $(patsubst cmd/%/,%,$(wildcard cmd/*/))
partsof  = $(patsubst %.c,$(B)/%.o,$(wildcard cmd/$(1)/*.c))
PACKAGES = libgit2 libutf8proc libuv sqlite3 jansson

CC      ?= cc
CFLAGS  ?= -O2 -g
ifdef SAN
B        = build/san
FLAGS    = -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
else ifdef FUZZ
B        = build/fuzz
CC       = clang
FLAGS    = -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
else
B        = build
endif
FLAGS   += -std=c11 -D_GNU_SOURCE -I. -I$(B)/gen -fno-common -MMD -MP \
	   -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	   -Wpointer-arith -Wwrite-strings -Wno-missing-field-initializers
Q        = $(if $(V),,@)
# The reader of Markdown and zlib are linked in: finding more libraries would cost every start of orchc more than they do.
WITHIN   = -Wl,-Bstatic,--start-group $(shell pkg-config --libs libcmark-gfm zlib) -Wl,--end-group,-Bdynamic
LIBS     = $(shell pkg-config --libs $(PACKAGES)) $(WITHIN)

# What lies in cmd/ itself is shared by the programs.
SOURCES := $(foreach layer,$(LAYERS) cmd,$(wildcard $(layer)/*.c))
GENERATED = $(B)/gen/lexer.c $(B)/gen/parser.c $(B)/gen/stdlib.c $(B)/gen/explain.c $(B)/gen/page.c
OBJECTS  = $(SOURCES:%.c=$(B)/%.o) $(GENERATED:.c=.o)
UNITS   := $(patsubst %.c,$(B)/%,$(wildcard tests/unit/*.c))
TEST_LIB = $(B)/tests/lib/pretend.o $(B)/tests/lib/pretend_judge.o
PROPERTY := $(patsubst %.c,$(B)/%.o,$(wildcard tests/property/*.c))
SWEEPS   = $(notdir $(wildcard tests/sweeps/*))
FUZZERS := $(patsubst fuzz/%.c,$(B)/%,$(filter-out fuzz/seeds.c,$(wildcard fuzz/*.c)))

.PHONY: all docs install uninstall deb demo test units $(SWEEPS) clients editors editors-made vsix fuzz fuzzers bench deps clean
.SECONDARY:
all: deps-present $(PROGRAMS:%=$(B)/%)

# Nothing is compiled before the packages are there.
.PHONY: deps-present
deps-present:
	@tools/deps --quiet
deps:
	@tools/deps

.SECONDEXPANSION:
$(PROGRAMS:%=$(B)/%): $(B)/%: $$(call partsof,%) $(B)/liborch.a
	$(if $(V),,@echo "  link   $@")
	$(Q)$(CC) $(CFLAGS) $(FLAGS) -o $@ $^ -Wl,--as-needed $(LIBS)
$(B)/tests/unit/%: $(B)/tests/unit/%.o $(TEST_LIB) $(B)/liborch.a
	$(if $(V),,@echo "  link   $@")
	$(Q)$(CC) $(CFLAGS) $(FLAGS) -o $@ $< $(TEST_LIB) $(B)/liborch.a -Wl,--as-needed $(LIBS)
$(B)/tests/property/property: $(PROPERTY) $(B)/liborch.a
	$(if $(V),,@echo "  link   $@")
	$(Q)$(CC) $(CFLAGS) $(FLAGS) -o $@ $^ -Wl,--as-needed $(LIBS)
$(B)/bench/%: $(B)/bench/%.o $(TEST_LIB) $(B)/liborch.a
	$(if $(V),,@echo "  link   $@")
	$(Q)$(CC) $(CFLAGS) $(FLAGS) -o $@ $< $(TEST_LIB) $(B)/liborch.a -Wl,--as-needed $(LIBS)
ifdef FUZZ
$(B)/seeds: $(B)/fuzz/seeds.o $(B)/liborch.a
	$(if $(V),,@echo "  link   $@")
	$(Q)$(CC) $(CFLAGS) $(FLAGS) -o $@ $^ -Wl,--as-needed $(LIBS)
$(FUZZERS): $(B)/%: $(B)/fuzz/%.o $(B)/liborch.a
	$(if $(V),,@echo "  link   $@")
	$(Q)$(CC) $(CFLAGS) $(FLAGS) -fsanitize=fuzzer -o $@ $< $(B)/liborch.a -Wl,--as-needed $(LIBS)
endif
$(B)/liborch.a: $(OBJECTS)
	@rm -f $@
	$(Q)ar rcs $@ $(OBJECTS)
$(B)/%.o: %.c | deps-present
	@mkdir -p $(@D)
	$(if $(V),,@echo "  cc     $@")
	$(Q)$(CC) $(CFLAGS) $(FLAGS) -c -o $@ $<
$(B)/gen/%.o: $(B)/gen/%.c
	$(if $(V),,@echo "  cc     $@")
	$(Q)$(CC) $(CFLAGS) $(FLAGS) -Wno-unused-parameter -Wno-missing-prototypes -Wno-overlength-strings -c -o $@ $<

# The parser's header is made with the parser; what includes it waits for it.
$(B)/gen/parser.c: grammar/parser.y | deps-present
	@mkdir -p $(@D)
	$(Q)lemon -q -d$(@D) -T/usr/share/lemon/lempar.c $<
$(B)/gen/parser.h: $(B)/gen/parser.c ;
$(B)/gen/lexer.c: grammar/lexer.re $(B)/gen/parser.h | deps-present
	@mkdir -p $(@D)
	$(Q)re2c -W --no-generation-date -i -o $@ $<
$(B)/gen/stdlib.c: tools/embed $(wildcard stdlib/*.orch)
	@mkdir -p $(@D)
	$(Q)tools/embed compiler/stdlib.h stdlib_file std/ $(wildcard stdlib/*.orch) > $@
$(B)/gen/explain.c: tools/embed $(wildcard explain/*.md)
	@mkdir -p $(@D)
	$(Q)tools/embed compiler/explain.h explain_page "" $(wildcard explain/*.md) > $@
$(B)/gen/page.c: tools/embed runtime/page.css
	@mkdir -p $(@D)
	$(Q)tools/embed runtime/page.h page_style "" runtime/page.css > $@
$(filter $(B)/grammar/%.o $(B)/compiler/%.o $(B)/lsp/%.o $(B)/gen/%.o $(B)/cmd/%.o,$(OBJECTS)) \
	$(call partsof,orchc): $(B)/gen/parser.h

units: $(UNITS) $(B)/tests/property/property
test: all
	@tools/deps --tests
	@$(MAKE) --no-print-directory SAN=1 all units
	@$(MAKE) --no-print-directory units
	tests/run
clients: all
	tests/clients/run $(B)
# What editors are given, in build/editors.
editors-made: all
	tools/editors $(B)
editors: editors-made
	@tools/deps --editors
	tests/editors/run $(B)
vsix: all
	tools/vsix $(B)

$(SWEEPS): all $(B)/tests/property/property $(B)/tests/unit/harvest $(B)/tests/unit/harvest_case
	tests/sweeps/$@ $(B)
# Then, for example: build/fuzz/image -max_total_time=60 build/fuzz/corpus/image
fuzz:
	@command -v clang >/dev/null || { echo "The fuzzers need clang: apt-get install clang" >&2; exit 1; }
	@$(MAKE) --no-print-directory FUZZ=1 fuzzers
fuzzers: $(FUZZERS) $(B)/seeds
	$(B)/seeds $(B)/corpus
	$(Q)mkdir -p $(B)/corpus/import && cp tests/tasks/*.md tests/tasks/*.json $(B)/corpus/import
	$(Q)mkdir -p $(B)/corpus/events && cp tests/fixtures/*.ndjson $(B)/corpus/events
docs: all
	$(B)/orchc explain all > docs/diagnostics.md
demo: all
	demo/run
bench: all $(patsubst %.c,$(B)/%,$(wildcard bench/*.c))
	bench/run
PREFIX ?= /usr/local
install: all
	tools/install $(B) "$(DESTDIR)$(PREFIX)"
uninstall:
	tools/install --remove $(B) "$(DESTDIR)$(PREFIX)"
deb: all
	tools/deb $(B)
clean:
	rm -rf build

-include $(OBJECTS:.o=.d) $(foreach program,$(PROGRAMS),$(patsubst %.o,%.d,$(call partsof,$(program)))) $(UNITS:%=%.d) $(TEST_LIB:.o=.d) $(PROPERTY:.o=.d) $(FUZZERS:$(B)/%=$(B)/fuzz/%.d) $(B)/fuzz/seeds.d
