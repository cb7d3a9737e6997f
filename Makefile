# What people and CI run; each target sets up what it needs in .venv.
.PHONY: chat test lint audit bench bench-peers bench-growth bench-learning bench-load bench-endurance bench-swaps soak lock model catalogue clean
.DEFAULT_GOAL := chat

setup-run = @python3 .ci/bootstrap.py .ci/run.lock
setup-dev = @python3 .ci/bootstrap.py .ci/dev.lock

# Chat about opening a shop on 1688, in this terminal.
chat:
	$(setup-run)
	@.venv/bin/kaidian chat

# Everything that must hold before a change lands.
test:
	$(setup-dev)
	@.venv/bin/pytest

lint:
	$(setup-dev)
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports

# Look for known vulnerabilities in what is installed; without a network this says so and passes.
audit:
	$(setup-dev)
	@{ .venv/bin/uv venv -q --allow-existing .venv-audit \
		&& .venv/bin/uv pip sync -q --python .venv-audit .ci/audit.lock; } \
		|| { echo "audit skipped: pip-audit can't be installed"; exit 0; } \
		&& .venv/bin/python .ci/audit.py .venv-audit/bin/pip-audit .ci/run.lock .ci/dev.lock

# Measure accuracy and cost into benchmarks/RESULTS.md; KAIDIAN_EVAL names a folder of more questions.
bench:
	$(setup-dev)
	@.venv/bin/python -m benchmarks

# Measure other ways to find an entry, in an environment of their own, beside the bot.
bench-peers: .venv-peers
	$(setup-dev)
	@.venv/bin/python -m benchmarks.comparing

.venv-peers: .ci/peers.lock
	$(setup-dev)
	@.venv/bin/uv venv -q --allow-existing .venv-peers
	@.venv/bin/uv pip sync -q --python .venv-peers .ci/peers.lock
	@touch .venv-peers

# Measure bases of up to 1,000,000 questions (half an hour), and ways to find candidates in one of 100,000.
bench-growth: .venv-peers
	$(setup-dev)
	@.venv/bin/python -m benchmarks.growth
	@.venv/bin/python -m benchmarks.indexes

# Measure what the bot in Telegram carries with PEOPLE, beside a bare bot of the library it is built on.
bench-load:
	$(setup-dev)
	@.venv/bin/python -m benchmarks.load --people $(or $(PEOPLE),10000)

# Send the bot in Telegram MESSAGES, and see whether its memory stays flat.
bench-endurance:
	$(setup-dev)
	@.venv/bin/python -m benchmarks.endurance $(or $(MESSAGES),200000)

# Save the base 1,000 times under questions, and measure what people notice of it.
bench-swaps:
	$(setup-dev)
	@.venv/bin/python -m benchmarks.swapping

# Kill and cut off the bot in Telegram, KILLS times in each run, and feed INPUTS, and MUTANTS of good files, to each reader.
soak: .venv-fuzz
	$(setup-dev)
	@.venv/bin/python -m benchmarks.soak --kills $(or $(KILLS),100)
	@.venv/bin/python -m benchmarks.fuzzing --runs $(or $(INPUTS),20000)
	@KAIDIAN_MUTANTS=$(or $(MUTANTS),5000) .venv/bin/pytest -q tests/test_mutants.py

.venv-fuzz: .ci/fuzz.lock
	$(setup-dev)
	@.venv/bin/uv venv -q --allow-existing .venv-fuzz
	@.venv/bin/uv pip sync -q --python .venv-fuzz .ci/fuzz.lock
	@.venv/bin/uv pip install -q --python .venv-fuzz --no-deps --no-build-isolation --editable .
	@touch .venv-fuzz

# Measure `kb diff` over 100,000 recorded questions, `kb suggest` over 20,000, and its groups.
bench-learning:
	$(setup-dev)
	@.venv/bin/python -m benchmarks.replays
	@.venv/bin/python -m benchmarks.suggesting
	@.venv/bin/python -m benchmarks.grouping

# Fit the scorer's parameters, and with them the thresholds, again.
model:
	$(setup-dev)
	@.venv/bin/kaidian kb train knowledge/1688 benchmarks/training/* --output bot/matching/model.json
	@for base in knowledge/*; do .venv/bin/kaidian kb calibrate --kb $$base; done

# Compile Click's words in Chinese.
catalogue:
	$(setup-dev)
	@.venv/bin/pybabel -q compile --directory bot/commands/locale

# Choose the versions again that `chat` and `test` install.
lock:
	$(setup-dev)
	@.venv/bin/uv pip compile -q --universal --generate-hashes --no-annotate --no-header \
		pyproject.toml .ci/build.txt -o .ci/run.lock
	@.venv/bin/uv pip compile -q --universal --generate-hashes --no-annotate --no-header \
		pyproject.toml .ci/build.txt --extra postgres -o .ci/image.lock
	@.venv/bin/uv pip compile -q --universal --generate-hashes --no-annotate --no-header \
		pyproject.toml .ci/build.txt --extra dev --extra train --extra bench -o .ci/dev.lock
	@.venv/bin/uv pip compile -q --universal --generate-hashes --no-annotate --no-header \
		.ci/peers.txt -o .ci/peers.lock
	@.venv/bin/uv pip compile -q --universal --generate-hashes --no-annotate --no-header \
		.ci/audit.txt -o .ci/audit.lock
	@.venv/bin/uv pip compile -q --universal --generate-hashes --no-annotate --no-header \
		pyproject.toml .ci/build.txt .ci/fuzz.txt -c .ci/run.lock -o .ci/fuzz.lock

clean:
	@rm -rf .venv .venv-peers .venv-audit .venv-fuzz
