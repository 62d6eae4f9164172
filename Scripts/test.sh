#!/bin/bash
# Runs every test as a list of named steps, and says at the end which there were and how long each took.
#
#   Scripts/test.sh              all of them
#   Scripts/test.sh format unit  these
set -uo pipefail
cd "$(dirname "$0")/.."

sources=(Sources Tests Package.swift)

step_format() { swift format lint --strict --recursive --parallel "${sources[@]}"; }
step_build() { swift build --build-tests; }
# On SQLite and on PostgreSQL: each test of a store says in its report which one it ran on.
step_unit() { Scripts/with-postgres.sh swift test --skip-build --quiet; }
step_clients() { contract sqlite --ignore Tests/Contract/pages Tests/Contract; }
step_pages() { contract sqlite Tests/Contract/pages; }
# What hangs on another program than the database is proved once, for the sake of time: Git, sign-in elsewhere, patterns, and
# MLflow's stories in a repository, which are told in the default workspace, and pages.
step_clients-postgres() {
    local name once=()
    for name in git git_ssh lfs mirrors openid source_pattern; do once+=(--ignore "Tests/Contract/test_$name.py"); done
    contract postgres "${once[@]}" --ignore Tests/Contract/pages \
        -k "not a_repository_has_the_whole_service" Tests/Contract
}
# Each waits much for the other side, so both together take little longer than one.
step_clients-postgres-and-pages() {
    local log pages status=0
    log=$(mktemp)
    step_pages >"$log" 2>&1 &
    pages=$!
    step_clients-postgres || status=1
    wait "$pages" || status=1
    cat "$log"
    rm "$log"
    return $status
}

contract() {
    local backend=$1
    shift
    ROOST_TEST_BACKEND=$backend ROOST_MLFLOW2_PYTHON=$PWD/.venv-test-2/bin/python \
        .venv-test/bin/python -m pytest -q -p no:cacheprovider --durations 15 "$@"
}

install() {
    Scripts/need-to-build.sh &&
        { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || Scripts/need.sh postgresql; } &&
        { command -v glewlwyd >/dev/null || Scripts/need.sh glewlwyd; } &&
        Scripts/need.sh git-lfs &&
        # Git over SSH is tested where sshd may be started, which only root may.
        { [ "$(id -u)" -ne 0 ] || [ -x /usr/sbin/sshd ] || Scripts/need.sh openssh-server; } &&
        { command -v chromium google-chrome >/dev/null || Scripts/need.sh chromium; } &&
        Scripts/web-parts.sh .web-parts &&
        Scripts/environment.sh .venv-test Tests/Contract/requirements.txt &&
        Scripts/environment.sh .venv-test-2 Tests/Contract/requirements-2.txt
}

steps=("$@")
[ ${#steps[@]} -gt 0 ] || steps=(format build unit clients clients-postgres-and-pages)

summary=()
status=0
run() {
    local name=$1 start=$SECONDS
    shift
    printf '\n== %s\n' "$name"
    if "$@"; then
        summary+=("$(printf '   passed %4d s  %s' $((SECONDS - start)) "$name")")
    else
        summary+=("$(printf '!! FAILED %4d s  %s' $((SECONDS - start)) "$name")")
        status=1
        return 1
    fi
}

if run install install; then
    for name in "${steps[@]}"; do
        # What does not build cannot be tested; every other step says what it has to say.
        run "$name" "step_$name" || [ "$name" != build ] || break
    done
fi

printf '\n== what ran\n'
printf '%s\n' "${summary[@]}"
exit $status
