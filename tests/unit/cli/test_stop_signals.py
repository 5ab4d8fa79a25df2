"""Which signals ask a command to stop."""

import signal

from auditor.cli.main import _stopping


def test_whoever_has_hang_ups_ignored_is_not_stopped_by_one() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        assert _stopping() == [signal.SIGINT, signal.SIGTERM]
    finally:
        signal.signal(signal.SIGHUP, before)
