"""Accounts of this installation: for officers, and for people until there is something better."""

from dataclasses import dataclass

from tongban.foundation.work import Work
from tongban.identity.adapters import Identified
from tongban.identity.model.passwords import STANDARD, Cost, Secret, decoy, secret_of


@dataclass(frozen=True, slots=True)
class _Account:
    subject: str
    salt: bytes
    hash: bytes
    cost: int
    block_size: int
    parallelism: int
    disabled: bool

    @property
    def secret(self) -> Secret:
        return Secret(self.salt, self.hash, Cost(self.cost, self.block_size, self.parallelism))


class LocalAccounts:
    """The identity provider that looks into this installation's own table of accounts."""

    name = "local"

    def identify(self, work: Work, *, login: str, password: str) -> Identified:
        account = work.one(
            _Account,
            """
            select subject, salt, hash, cost, block_size, parallelism,
                   disabled_at is not null as disabled
              from identity.account
             where login = %(login)s
               for update
            """,
            login=login,
        )
        secret = account.secret if account else decoy()
        right = secret.matches(password)
        if account is None:
            return Identified("", proved=False)
        if right and secret.cost != STANDARD:
            keep(work, subject=account.subject, secret=secret_of(password))
        return Identified(account.subject, proved=right and not account.disabled)


def keep(work: Work, *, subject: str, secret: Secret) -> None:
    """Replace what is kept of an account's password."""
    work.run(
        """
        update identity.account
           set salt = %(salt)s, hash = %(hash)s, cost = %(cost)s, block_size = %(block_size)s,
               parallelism = %(parallelism)s, changed_at = %(now)s
         where subject = %(subject)s
        """,
        salt=secret.salt,
        hash=secret.hash,
        cost=secret.cost.cost,
        block_size=secret.cost.block_size,
        parallelism=secret.cost.parallelism,
        now=work.now,
        subject=subject,
    )
