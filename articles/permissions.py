"""Refusing an act to people who may not do it. `physiohub.policy` says who may."""

from physiohub import policy

from .refusals import NotAllowed, Words


def require(account: policy.Account, *acts: policy.Act, otherwise: Words) -> None:
    """Raise NotAllowed with the sentence `otherwise` unless the account may do one of the acts."""
    if not policy.may(account, *acts):
        raise NotAllowed(otherwise)
