"""What a window knows of servers while it is open, in its memory alone: passwords, and who has just let it in."""

from auditor.core.server_address import without_its_password

PASSWORD_VARIABLE = "PGPASSWORD"  # noqa: S105 - the name that the database's own library reads


class ServerAccess:
    """By address, as it is given to open a store; a workspace file counts as one."""

    def __init__(self) -> None:
        self._passwords: dict[str, str] = {}
        self._let_in: set[str] = set()

    def note(self, location: str) -> str:
        """The location without the password that may stand in it, which is remembered."""
        kept, password = without_its_password(location)
        if password:
            self._passwords[kept] = password
        return kept

    def remember(self, location: str, password: str) -> None:
        """Instead of the one that was known before; an empty one is none."""
        if password:
            self._passwords[location] = password
        else:
            self._passwords.pop(location, None)

    def password(self, location: str) -> str | None:
        return self._passwords.get(location)

    def note_let_in(self, location: str) -> None:
        """The server has just answered; opening needs no other look before."""
        self._let_in.add(location)

    def was_let_in(self, location: str) -> bool:
        """Whether it has; counts once."""
        if location not in self._let_in:
            return False
        self._let_in.remove(location)
        return True

    def environment(self, location: str) -> dict[str, str]:
        """What a child is given beside the program's own environment: never an argument, which others can read."""
        password = self._passwords.get(location)
        return {} if password is None else {PASSWORD_VARIABLE: password}
