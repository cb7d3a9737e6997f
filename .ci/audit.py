"""Look for known vulnerabilities in what the locks name; what can't be looked up is said.

Usage: python .ci/audit.py PIP_AUDIT LOCK...

An advisory fails. Without a way to the advisories nothing is known, and nothing fails.
"""

import json
import subprocess
import sys


def main(program: str, *locks: str) -> None:
    """Audit *locks* with the *program*, and print what it found."""
    named = [argument for lock in locks for argument in ("--requirement", lock)]
    done = subprocess.run(
        [program, "--disable-pip", "--require-hashes", "--format=json", "--timeout=10",
         "--progress-spinner=off", *named],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except ValueError:
        reason = (done.stderr.strip().splitlines() or ["no answer"])[-1]
        print(f"audit skipped: {reason}")
        return
    unknown = [package["name"] for package in packages if "skip_reason" in package]
    found = [
        f"{package['name']} {package['version']}: {advisory['id']}, "
        f"mended in {', '.join(advisory['fix_versions']) or 'no version yet'}"
        for package in packages
        for advisory in package.get("vulns", [])
    ]
    if len(unknown) == len(packages):
        print("audit skipped: the index at hand has no advisories")
        return
    print(f"audited {len(packages) - len(unknown)} packages of {', '.join(locks)}")
    if unknown:
        print(f"not audited, as no advisories could be had: {', '.join(unknown)}")
    if found:
        sys.exit("\n".join(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
