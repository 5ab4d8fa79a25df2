"""What happens when a model is loaded: which files may come in, and what is said when it fails."""

import hashlib
import py_compile
from pathlib import Path

import pytest

from auditor.core.errors import ModelError
from auditor.guest.fold_service import FoldService, GuestCode
from auditor.guest.limits import Limits
from tests.helpers.guest_code import ROOMY, history, trusted_code, write_module

THING = """
    class Thing:
        def on_fine(self, event): self.fine = True
"""


def refused(code: GuestCode, cache: Path) -> ModelError:
    with pytest.raises(ModelError) as caught:
        FoldService(code, cache=cache)
    return caught.value


def test_the_model_says_whose_it_is(tmp_path: Path, cache: Path) -> None:
    code = trusted_code(tmp_path, THING)
    with FoldService(code, cache=cache) as service:
        assert service.model == ("Thing", "class", "things", next(iter((code.trusted or {}).values())))
        assert service.notes == ()
    with FoldService(None, cache=cache) as service:
        assert service.model == ("generic merge (approximation)", "merge", None, None)


def test_an_error_at_import_is_told_with_its_place(tmp_path: Path, cache: Path) -> None:
    error = refused(trusted_code(tmp_path, "\n\nraise RuntimeError('not today')"), cache)
    assert error.message == (
        f"things:Thing cannot be loaded: RuntimeError: not today ({tmp_path / 'things.py'}:3)."
    )
    assert str(tmp_path) in error.hint


def test_a_syntax_error_is_told_with_its_place(tmp_path: Path, cache: Path) -> None:
    error = refused(trusted_code(tmp_path, "x = 1\nclass Thing\n"), cache)
    assert f"({tmp_path / 'things.py'}:2)" in error.message


def test_a_module_that_ends_python_is_an_error_at_import(tmp_path: Path, cache: Path) -> None:
    assert "SystemExit" in refused(trusted_code(tmp_path, "import sys; sys.exit()"), cache).message


def test_a_module_that_ends_the_process_is_told_with_what_it_printed(tmp_path: Path, cache: Path) -> None:
    error = refused(trusted_code(tmp_path, "import os; print('so long', flush=True); os._exit(5)"), cache)
    assert error.message == "things:Thing cannot be loaded: worker exited with code 5."
    assert error.hint == "It last printed: so long"


def test_a_module_that_loops_at_import_is_stopped(tmp_path: Path, cache: Path) -> None:
    code = trusted_code(tmp_path, "while True: pass", limits=Limits(timeout_seconds=0.5))
    assert refused(code, cache).message == (
        "things:Thing cannot be loaded: the worker was stopped after 0.5 s."
    )


def test_a_name_that_the_module_lacks(tmp_path: Path, cache: Path) -> None:
    error = refused(trusted_code(tmp_path, THING, "things:Thing.Inner"), cache)
    assert error.message == "The module things has no Thing.Inner."


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("Thing = 3", "Thing is neither a class nor a function."),
        ("class Thing: pass", "Thing has no method that could apply an event."),
        (
            "class Thing:\n    def __init__(self, a, b): pass\n    def when(self, e): pass",
            "Thing cannot be made: it needs 2 arguments.",
        ),
    ],
)
def test_a_thing_that_is_no_model(tmp_path: Path, cache: Path, source: str, message: str) -> None:
    assert refused(trusted_code(tmp_path, source), cache).message == message


def test_a_constructor_that_raises_is_told_with_its_place(tmp_path: Path, cache: Path) -> None:
    code = trusted_code(
        tmp_path,
        """
        class Thing:
            def __init__(self): raise LookupError("no configuration")
            def when(self, event): pass
        """,
    )
    with FoldService(code, cache=cache) as service, pytest.raises(ModelError) as caught:
        service.open("a", [history("Fine")])
    assert caught.value.message == (
        f"things:Thing cannot be made: LookupError: no configuration ({tmp_path / 'things.py'}:3)."
    )


def test_a_constructor_that_ends_the_worker_is_told(tmp_path: Path, cache: Path) -> None:
    code = trusted_code(
        tmp_path,
        """
        import os
        class Thing:
            def __init__(self): os._exit(4)
            def when(self, event): pass
        """,
    )
    with FoldService(code, cache=cache) as service, pytest.raises(ModelError) as caught:
        service.open("a", [history("Fine")]).state_at(1)
    assert "worker exited with code 4" in caught.value.message


# -- files -------------------------------------------------------------------------------------------------


def test_b097_a_file_that_was_not_trusted_does_not_load(tmp_path: Path, cache: Path) -> None:
    write_module(tmp_path, "x = 1", "extra")
    error = refused(trusted_code(tmp_path, "import extra\n"), cache)
    assert f"ImportError: {tmp_path / 'extra.py'} is not among the trusted files" in error.message
    assert f"({tmp_path / 'things.py'}:1)" in error.message


def test_b097_a_file_that_was_edited_since_does_not_load(tmp_path: Path, cache: Path) -> None:
    code = trusted_code(tmp_path, THING)
    with (tmp_path / "things.py").open("a") as file:
        file.write("# a word more\n")
    assert f"{tmp_path / 'things.py'} was changed after it had been trusted" in refused(code, cache).message


def test_b097_bytecode_beside_the_source_is_not_used(tmp_path: Path, cache: Path) -> None:
    path = write_module(tmp_path, "raise RuntimeError('old bytecode')", "things")
    compiled = py_compile.compile(
        str(path), doraise=True, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH
    )
    code = trusted_code(tmp_path, THING)
    with FoldService(code, cache=cache) as service:
        assert service.open("a", [history("Fine")]).state_at(1).state_text == '{"fine":true}'
    assert compiled is not None
    assert [str(entry) for entry in Path(compiled).parent.iterdir()] == [compiled]


def test_b097_compiled_files_without_source_do_not_load(tmp_path: Path, cache: Path) -> None:
    (tmp_path / "extra.pyc").write_bytes(b"anything")
    error = refused(trusted_code(tmp_path, "import extra"), cache)
    assert "extra.pyc is compiled, and only source can be trusted" in error.message


def test_b097_a_module_named_like_one_of_the_standard_library_does_not_replace_it(
    tmp_path: Path, cache: Path
) -> None:
    write_module(tmp_path, "raise RuntimeError('not me')", "json")
    write_module(tmp_path, "raise RuntimeError('not me')", "fractions")
    code = trusted_code(
        tmp_path,
        """
        import json, fractions
        class Thing:
            def on_fine(self, event): self.half = json.dumps(float(fractions.Fraction(1, 2)))
        """,
    )
    with FoldService(code, cache=cache) as service:
        assert service.open("a", [history("Fine")]).state_at(1).state_text == '{"half":"0.5"}'


def test_b097_a_module_beside_the_workspace_comes_before_an_installed_one(
    tmp_path: Path, cache: Path
) -> None:
    path = write_module(tmp_path, "mine = True", "platformdirs")
    code = trusted_code(
        tmp_path,
        """
        import platformdirs
        class Thing:
            def on_fine(self, event): self.mine = platformdirs.mine
        """,
    )
    trusted = {**(code.trusted or {}), str(path): hashlib.sha256(path.read_bytes()).hexdigest()}
    code = GuestCode(target=code.target, import_paths=code.import_paths, trusted=trusted, limits=ROOMY)
    with FoldService(code, cache=cache) as service:
        assert service.open("a", [history("Fine")]).state_at(1).state_text == '{"mine":true}'
